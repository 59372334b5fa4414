/* SPDX-License-Identifier: BSD-3-Clause */
/* A pipe or a FIFO: a ring of bytes and the counts of its open ends. Shared by the files of posix/pipe only. */
#ifndef POSIX_PIPE_PIPE_H
#define POSIX_PIPE_PIPE_H

#include <core/file.h>
#include <core/sched.h>

#include "ring.h"

struct pipe {
	struct mutex lock; /* the ring */
	struct ring ring;
	struct waitq readable, writable;
	/* Under pipe_ends_lock. Looking at them without it is for conditions of waits, which a wake follows. */
	unsigned readers, writers; /* open ends */
	unsigned readers_ever,
		writers_ever; /* how many were opened so far: who waits for a peer sees one that has gone again */
	unsigned users; /* open files, and FIFO opens that wait */
	/*
	 * Of a FIFO: its @attached points here. A pipe has none until pipe_node(), which runs while an end is open; that one the pipe holds.
	 */
	struct inode *inode;
	bool nameless; /* a pipe with an inode: no opening of it waits for a peer */
};

/* Is a reader told something, now: bytes, or that no more will come? Without the lock for conditions of waits, which a wake follows. */
static inline bool pipe_has_news(const struct pipe *p)
{
	return !p->ring.taken && (p->ring.used || !p->writers);
}

/* Covers the counts in pipes, and the way from a FIFO's inode to its pipe. */
extern struct spinlock pipe_ends_lock;

/* Both ends of all kinds; the open mode of the file says which it is. */
extern const struct file_ops pipe_ops;

/* An empty pipe without users, or NULL when out of memory. */
struct pipe *pipe_alloc(void);
/* Open and close the ends that @flags (O_*) name. With pipe_ends_lock; the wake-ups are pipe_wake_ends(). */
void pipe_add_ends(struct pipe *p, unsigned flags);
void pipe_drop_ends(struct pipe *p, unsigned flags);
/* Ends came or went. */
void pipe_wake_ends(struct pipe *p);
/* One user less; the last one takes the pipe along. */
void pipe_put(struct pipe *p);
/* file_ops.node: by it a pipe is opened again, as Linux allows by the names in /proc/self/fd. */
int pipe_node(struct file *f, struct inode **out);
/* The pipe behind @f, or NULL if it is something else. */
struct pipe *pipe_of(struct file *f);

#endif
