/* SPDX-License-Identifier: BSD-3-Clause */
/* Message queues. Shared by the files of posix/mqueue only. */
#ifndef POSIX_MQUEUE_MQUEUE_H
#define POSIX_MQUEUE_MQUEUE_H

#include <abi/mqueue.h>
#include <core/file.h>
#include <core/sched.h>
#include <core/tree.h>
#include <posix/signal.h>

struct message {
	struct tree_node node; /* among a queue's, by priority, and equals by age */
	unsigned priority;
	size_t len;
	char text[];
};

/* Whom a message that comes to an empty queue is told to. */
struct notice {
	bool on;
	int how; /* SIGEV_* */
	struct signal_info info; /* of SIGEV_SIGNAL */
	struct file *socket; /* of SIGEV_THREAD, a reference */
	char cookie[MQ_COOKIE_LEN];
};

struct mqueue {
	unsigned refs; /* of the name, and of each open file */
	struct tree_node by_name; /* under names_lock */
	uint64_t bytes; /* what RLIMIT_MSGQUEUE counts of it */
	unsigned mode; /* permissions, which are kept and not enforced */
	unsigned maxmsg;
	size_t msgsize;
	struct spinlock lock; /* all below */
	struct tree messages;
	unsigned count;
	size_t filled; /* bytes in messages */
	struct list senders, receivers; /* who waits, by priority: at most one of them is not empty */
	struct notice notice;
	struct waitq wait; /* of poll(2) */
	char name[];
};

/* queue.c */

/* A queue with one reference, or NULL. @name has @len characters. */
struct mqueue *mqueue_new(const char *name, size_t len, const struct mq_attr *attr);
/* Drop a reference; the last one frees the queue and what is in it. Thread context. */
void mqueue_put(struct mqueue *q);

/*
 * Put @m in, which is the queue's then. If it is full: wait until the absolute monotonic @deadline, or not at all. 0; -EAGAIN, -ETIMEDOUT or
 * -EINTR, and @m is the caller's.
 */
int mqueue_put_message(struct mqueue *q, struct message *m, bool wait, uint64_t deadline);
/* Take the oldest of the highest priority, which is the caller's. Errors as above. */
int mqueue_take_message(struct mqueue *q, struct message **out, bool wait, uint64_t deadline);

/* names.c */

/* The bytes of a queue that is gone are free again. Any context. */
void mqueue_uncharge(uint64_t bytes);

/* file.c */

/* The open queue @fd as a file with a reference, or NULL. */
struct file *mqueue_file(int fd);
/* An open file whose @priv will be a queue, a reference to which is the file's then. NULL when out of memory. */
struct file *mqueue_file_new(int flags);

/* notify.c */

/* With the queue's lock held: take the notice that is set, if any, into *@out. */
void notice_take(struct mqueue *q, struct notice *out);
/* A message came for *@n, which was taken. Thread context. */
void notice_give(struct notice *n);
/* It is withdrawn. Thread context. */
void notice_drop(struct mqueue *q);

#endif
