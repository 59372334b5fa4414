/* SPDX-License-Identifier: BSD-3-Clause */
/* The inside of an epoll instance. */
#ifndef POSIX_POLL_EPOLL_ITEM_H
#define POSIX_POLL_EPOLL_ITEM_H

#include <core/sched.h>
#include <core/tree.h>

#include "epoll.h"

struct item;

struct item_entry {
	struct wait_entry entry;
	struct item *item;
};

struct item {
	struct tree_node node; /* among the instance's, by number and file */
	struct list ready; /* in the ready list, or alone */
	struct epoll *ep;
	struct file *file; /* not counted: @watch tells when it goes */
	int fd;
	struct epoll_event event;
	struct file_watch watch;
	struct poll_table table; /* for the registration */
	struct item_entry entries[POLL_QUEUES];
	unsigned queues;
};

struct epoll {
	struct mutex lock;
	struct tree items;
	struct list ready;
	struct spinlock ready_lock;
	struct waitq wait;
	struct file *file; /* its own; not counted */
	unsigned visit; /* the search that was here last, and what it found: see epoll_nest.c */
	unsigned depth;
};

/* The item that @w, of some file's watches, belongs to; NULL if it is not epoll's. */
struct item *item_of_watch(struct file_watch *w);

/* Both under file_watch_lock(). May @inner be watched by @outer: no circle, and not too deep? 0 or -ELOOP. */
int epoll_check_nesting(struct epoll *outer, struct epoll *inner);

#endif
