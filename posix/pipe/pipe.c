/* SPDX-License-Identifier: BSD-3-Clause */
/* pipe(2). */
#include <abi/ioctl.h>
#include <core/alloc.h>
#include <core/string.h>
#include <posix/fd.h>
#include <posix/calls.h>

#include "ring.h"

#define PIPE_BUF 4096u

struct pipe {
	struct mutex lock; /* the ring */
	struct ring ring;
	struct waitq readable, writable;
	bool reader, writer; /* are the ends open? */
};

static ssize_t pipe_read(struct file *f, struct iov_iter *it, off_t *pos)
{
	struct pipe *p = f->priv;
	size_t n;
	int ret;

	(void)pos;
	if (!it->left)
		return 0;
	for (;;) {
		mutex_lock(&p->lock);
		n = ring_read(&p->ring, it);
		mutex_unlock(&p->lock);
		if (n)
			break;
		if (!p->writer)
			return 0;
		if (f->flags & O_NONBLOCK)
			return -EAGAIN;
		ret = wait_event_interruptible(&p->readable, ring_used(&p->ring) || !p->writer);
		if (ret)
			return ret;
	}
	waitq_wake(&p->writable, POLLOUT | POLLWRNORM);
	return n;
}

/* One attempt: a piece of up to PIPE_BUF bytes goes in whole or not at all. 0: no room. */
static ssize_t write_some(struct pipe *p, struct iov_iter *it, bool whole)
{
	ssize_t n = 0;

	mutex_lock(&p->lock);
	if (!whole)
		n = ring_write(&p->ring, it);
	else if (ring_room(&p->ring) >= it->left)
		n = ring_reserve(&p->ring, it->left) ? -ENOMEM : ring_write(&p->ring, it);
	mutex_unlock(&p->lock);
	if (n > 0)
		waitq_wake(&p->readable, POLLIN | POLLRDNORM);
	return n;
}

static ssize_t pipe_write(struct file *f, struct iov_iter *it, off_t *pos)
{
	struct pipe *p = f->priv;
	bool whole = it->left <= PIPE_BUF;
	ssize_t done = 0, n = 0;

	(void)pos;
	while (it->left) {
		if (!p->reader) {
			if (done)
				return done;
			signal_send_thread(thread_self(), SIGPIPE);
			return -EPIPE;
		}
		n = write_some(p, it, whole);
		if (n < 0)
			break;
		done += n;
		if (n)
			continue;
		if (f->flags & O_NONBLOCK) {
			n = -EAGAIN;
			break;
		}
		n = wait_event_interruptible(&p->writable, ring_room(&p->ring) >= (whole ? it->left : 1) || !p->reader);
		if (n)
			break;
	}
	return done ? done : n;
}

static unsigned read_poll(struct file *f, struct poll_table *pt)
{
	struct pipe *p = f->priv;

	poll_wait(pt, &p->readable);
	return (ring_used(&p->ring) ? POLLIN | POLLRDNORM : 0) | (p->writer ? 0 : POLLHUP);
}

static unsigned write_poll(struct file *f, struct poll_table *pt)
{
	struct pipe *p = f->priv;

	poll_wait(pt, &p->writable);
	return (ring_room(&p->ring) >= PIPE_BUF ? POLLOUT | POLLWRNORM : 0) | (p->reader ? 0 : POLLERR);
}

static void free_unused(struct pipe *p)
{
	if (p->reader || p->writer)
		return;
	ring_free(&p->ring);
	kfree(p);
}

static void read_release(struct file *f)
{
	struct pipe *p = f->priv;

	preempt_disable(); /* against the other end's release */
	p->reader = false;
	waitq_wake(&p->writable, POLLOUT | POLLERR);
	free_unused(p);
	preempt_enable();
}

static void write_release(struct file *f)
{
	struct pipe *p = f->priv;

	preempt_disable();
	p->writer = false;
	waitq_wake(&p->readable, POLLIN | POLLHUP);
	free_unused(p);
	preempt_enable();
}

static long pipe_ioctl(struct file *f, unsigned cmd, unsigned long arg)
{
	struct pipe *p = f->priv;

	switch (cmd) {
	case FIONREAD:
		*(int *)arg = (int)ring_used(&p->ring);
		return 0;
	default:
		return -ENOTTY;
	}
}

static long pipe_fcntl(struct file *f __unused, unsigned cmd, unsigned long arg)
{
	switch (cmd) {
	case F_SETPIPE_SZ: /* the size is fixed: a smaller wish is granted with more, a larger one refused */
		return arg > RING_SIZE ? -EPERM : (long)RING_SIZE;
	case F_GETPIPE_SZ:
		return RING_SIZE;
	default:
		return -EBADF;
	}
}

static void pipe_stat(struct file *f, struct stat *st)
{
	(void)f;
	st->st_mode = S_IFIFO | 0600;
}

static const struct file_ops read_ops = {
	.name = "pipe",
	.read = pipe_read,
	.poll = read_poll,
	.ioctl = pipe_ioctl,
	.fcntl = pipe_fcntl,
	.stat = pipe_stat,
	.release = read_release,
};

static const struct file_ops write_ops = {
	.name = "pipe",
	.write = pipe_write,
	.poll = write_poll,
	.ioctl = pipe_ioctl,
	.fcntl = pipe_fcntl,
	.stat = pipe_stat,
	.release = write_release,
};

/* Both ends, or none. */
static int pipe_new(unsigned flags, struct file **r, struct file **w)
{
	struct pipe *p = kzalloc(sizeof(*p));

	if (!p)
		return -ENOMEM;
	mutex_init(&p->lock);
	waitq_init(&p->readable);
	waitq_init(&p->writable);
	*r = file_new(&read_ops, p, O_RDONLY | flags);
	if (!*r) {
		kfree(p);
		return -ENOMEM;
	}
	p->reader = true;
	*w = file_new(&write_ops, p, O_WRONLY | flags);
	if (!*w) {
		file_put(*r);
		return -ENOMEM;
	}
	p->writer = true;
	return 0;
}

long sys_pipe2(int *fds, int flags)
{
	struct file *r, *w;
	int ret;

	if (flags & ~(O_CLOEXEC | O_NONBLOCK))
		return -EINVAL;
	if (!fds)
		return -EFAULT;
	ret = pipe_new(flags & O_NONBLOCK, &r, &w);
	return ret ? ret : fd_install_pair(r, w, flags & O_CLOEXEC, fds);
}

long sys_pipe(int *fds)
{
	return sys_pipe2(fds, 0);
}
