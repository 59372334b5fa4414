/* SPDX-License-Identifier: BSD-3-Clause */
/* An inotify instance: its watches, and the queue of events. Shared by the files of posix/inotify only. */
#ifndef POSIX_INOTIFY_INOTIFY_H
#define POSIX_INOTIFY_INOTIFY_H

#include <core/list.h>
#include <core/notify.h>
#include <core/tree.h>

#define QUEUE_MAX 16384u /* events, and WATCHES_MAX watches an instance: Linux's defaults */
#define WATCHES_MAX 65536u

struct queued {
	struct list link;
	struct inotify_event event; /* .len: with the zeros behind the name */
	char *name; /* behind this, if it has one */
};

struct queue {
	struct spinlock lock; /* all below */
	struct list events;
	unsigned count;
	size_t bytes; /* what a read of all of them gives */
	struct queued overflow; /* is in the list when events were lost */
	struct waitq wait;
};

void events_init(struct queue *q);
/* Drop all events. Thread context. */
void events_clear(struct queue *q);
/* Append an event; one that equals the last is left out, and one too many, or without memory, is IN_Q_OVERFLOW. Thread context. */
void events_add(struct queue *q, int wd, uint32_t mask, uint32_t cookie, struct name name);

/* The operations of the file, whose priv begins with the queue. */
ssize_t events_read(struct file *f, struct iov_iter *it, off_t *pos);
unsigned events_poll(struct file *f, struct poll_table *pt);
off_t events_seek(struct file *f, off_t offset, int whence); /* goes nowhere, as on Linux */
long events_ioctl(struct file *f, unsigned cmd, union call_arg arg);

#endif
