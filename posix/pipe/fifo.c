/* SPDX-License-Identifier: BSD-3-Clause */
/* FIFOs: pipes with a name, and pipes that are opened again by way of /proc/self/fd. What open(2) waits for is POSIX.1-2017, XSH open(), "O_NONBLOCK"; O_RDWR, undefined there, as on Linux. */
#include <core/errno.h>
#include <core/init.h>
#include <core/ramfs.h>
#include <core/vfs.h>

#include "pipe.h"

/* The pipe of @inode with one user more, made if nobody has the FIFO open. */
static struct pipe *attach(struct inode *inode)
{
	struct pipe *p;

	spin_lock(&pipe_ends_lock);
	p = inode->attached;
	if (!p) {
		p = pipe_alloc();
		if (p) {
			p->inode = inode;
			inode->attached = p;
		}
	}
	if (p)
		p->users++;
	spin_unlock(&pipe_ends_lock);
	return p;
}

/*
 * With pipe_ends_lock. Wait for the other end unless it is there, or O_RDWR or O_NONBLOCK say not to: releases the lock. 0, -EINTR.
 */
static int wait_for_peer(struct pipe *p, struct file *f)
{
	unsigned mode = f->flags & O_ACCMODE, readers = p->readers_ever, writers = p->writers_ever;
	bool alone = mode == O_WRONLY ? !p->readers : mode == O_RDONLY && !p->writers;

	spin_unlock(&pipe_ends_lock);
	pipe_wake_ends(p);
	if (!alone || p->nameless)
		return 0;
	if (f->flags & O_NONBLOCK) {
		f->pos = writers;
		return 0;
	}
	if (mode == O_WRONLY)
		return wait_event_interruptible(&p->writable, p->readers_ever != readers);
	return wait_event_interruptible(&p->readable, p->writers_ever != writers);
}

static int open_fifo(struct inode *inode, struct file *f)
{
	struct pipe *p = attach(inode);

	if (!p)
		return -ENOMEM;
	spin_lock(&pipe_ends_lock);
	if ((f->flags & (O_ACCMODE | O_NONBLOCK)) == (O_WRONLY | O_NONBLOCK) && !p->readers && !p->nameless) {
		spin_unlock(&pipe_ends_lock);
		pipe_put(p);
		return -ENXIO;
	}
	pipe_add_ends(p, f->flags);
	f->priv = p;
	f->ops = &pipe_ops; /* closing it undoes all of this */
	return wait_for_peer(p, f);
}

int pipe_node(struct file *f, struct inode **out)
{
	struct pipe *p = f->priv;

	if (!p->inode) {
		struct inode *inode;
		int ret = ramfs_anonymous(&inode);

		if (ret)
			return ret;
		inode->mode = S_IFIFO | 0600;
		inode->nlink = 1;
		inode->attached = p;
		p->nameless = true;
		p->inode = inode;
	}
	*out = inode_get(p->inode);
	return 0;
}

static int fifo_start(void)
{
	vfs_open_fifo = open_fifo;
	return 0;
}

INITCALL(INIT_SERVICES, fifo_start);
