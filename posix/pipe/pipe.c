/* SPDX-License-Identifier: BSD-3-Clause */
/* pipe(2). */
#include <abi/ioctl.h>
#include <core/alloc.h>
#include <core/process.h>
#include <core/string.h>
#include <core/vfs.h>
#include <posix/fd.h>
#include <posix/calls.h>

#include "pipe.h"

_Static_assert(PAGE_SIZE == 4096, "PIPE_BUF is a page");

#define FORKING_SHARE 8 /* of memory, for one pipe */

struct spinlock pipe_ends_lock = SPINLOCK_INIT("pipe: open ends");

static ssize_t pipe_read(struct file *f, struct iov_iter *it, off_t *pos)
{
	struct pipe *p = f->priv;
	size_t n;
	int ret;

	(void)pos;
	if (!it->left)
		return 0;
	for (;;) {
		bool ended = !READ_ONCE(p->writers); /* asked before: what the last one wrote is there by then */

		mutex_lock(&p->lock);
		n = ring_read(&p->ring, it);
		ended = ended && !p->ring.taken;
		mutex_unlock(&p->lock);
		if (n)
			break;
		if (ended)
			return 0;
		if (f->flags & O_NONBLOCK)
			return -EAGAIN;
		ret = wait_event_interruptible(&p->readable, pipe_has_news(p));
		if (ret)
			return ret;
	}
	waitq_wake(&p->writable, POLLOUT | POLLWRNORM);
	return n;
}

/*
 * One attempt; the @first of a call may go behind what is there already. 0: no room. What does not go whole into a page that is begun needs
 * new ones, so a piece of up to PIPE_BUF bytes, a page, is never torn.
 */
static ssize_t write_some(struct pipe *p, struct iov_iter *it, bool first, bool packets)
{
	ssize_t n = 0, more;

	mutex_lock(&p->lock);
	if (first && !packets)
		n = (ssize_t)ring_append(&p->ring, it);
	more = ring_write(&p->ring, it, packets);
	mutex_unlock(&p->lock);
	if (more > 0 || !n)
		n += more;
	if (n > 0)
		waitq_wake(&p->readable, POLLIN | POLLRDNORM);
	return n;
}

/*
 * Where the one that is to read may be asleep until the writer ends, since fork() gave its memory away, a full pipe gets larger, up to a part of memory:
 * the subshell before a | writes all it has before the shell begins what is behind.
 */
static bool make_room(struct pipe *p)
{
	unsigned pages = 2 * p->ring.size;

	if (!process_forking || pages > page_total() / FORKING_SHARE || pages > page_available())
		return false;
	mutex_lock(&p->lock);
	int ret = ring_room(&p->ring) ? 0 : ring_resize(&p->ring, pages);

	mutex_unlock(&p->lock);
	return !ret;
}

static ssize_t pipe_write(struct file *f, struct iov_iter *it, off_t *pos)
{
	struct pipe *p = f->priv;
	bool first = true, packets = f->flags & O_DIRECT;
	ssize_t done = 0, n = 0;

	(void)pos;
	while (it->left) {
		if (!p->readers) {
			if (done)
				return done;
			signal_send_thread(thread_self(), SIGPIPE);
			return -EPIPE;
		}
		n = write_some(p, it, first, packets);
		first = false;
		if (n < 0)
			break;
		done += n;
		if (n)
			continue;
		if (make_room(p))
			continue;
		if (f->flags & O_NONBLOCK) {
			n = -EAGAIN;
			break;
		}
		n = wait_event_interruptible(&p->writable, ring_room(&p->ring) || !p->readers);
		if (n)
			break;
	}
	return done ? done : n;
}

/*
 * A reader that opened a FIFO with O_NONBLOCK before any writer has not lost one: no POLLHUP until one came and went. Its @pos, which a
 * pipe does not need, is the number of writers that had been there by then.
 */
static unsigned poll_reader(struct file *f, const struct pipe *p)
{
	bool hung_up = !p->writers && !p->ring.taken && (unsigned)f->pos != p->writers_ever;

	return (ring_readable(&p->ring) ? POLLIN | POLLRDNORM : 0) | (hung_up ? POLLHUP : 0);
}

static unsigned poll_writer(const struct pipe *p)
{
	return (ring_room(&p->ring) ? POLLOUT | POLLWRNORM : 0) | (p->readers ? 0 : POLLERR);
}

static unsigned pipe_poll(struct file *f, struct poll_table *pt)
{
	struct pipe *p = f->priv;
	unsigned events = 0;

	if (file_readable(f)) {
		poll_wait(pt, &p->readable);
		events |= poll_reader(f, p);
	}
	if (file_writable(f)) {
		poll_wait(pt, &p->writable);
		events |= poll_writer(p);
	}
	return events;
}

void pipe_add_ends(struct pipe *p, unsigned flags)
{
	unsigned mode = flags & O_ACCMODE;

	if (mode != O_WRONLY) {
		p->readers++;
		p->readers_ever++;
	}
	if (mode != O_RDONLY) {
		p->writers++;
		p->writers_ever++;
	}
}

void pipe_drop_ends(struct pipe *p, unsigned flags)
{
	unsigned mode = flags & O_ACCMODE;

	p->readers -= mode != O_WRONLY;
	p->writers -= mode != O_RDONLY;
}

void pipe_wake_ends(struct pipe *p)
{
	waitq_wake(&p->readable, p->writers ? POLLIN : POLLIN | POLLHUP);
	waitq_wake(&p->writable, p->readers ? POLLOUT : POLLOUT | POLLERR);
}

void pipe_put(struct pipe *p)
{
	bool last;

	spin_lock(&pipe_ends_lock);
	last = !--p->users;
	if (last && p->inode)
		p->inode->attached = NULL;
	spin_unlock(&pipe_ends_lock);
	if (!last)
		return;
	if (p->nameless)
		inode_put(p->inode);
	ring_free(&p->ring);
	kfree(p);
}

static void pipe_release(struct file *f)
{
	struct pipe *p = f->priv;

	spin_lock(&pipe_ends_lock);
	pipe_drop_ends(p, f->flags);
	spin_unlock(&pipe_ends_lock);
	pipe_wake_ends(p);
	pipe_put(p);
}

struct pipe *pipe_of(struct file *f)
{
	return f->ops == &pipe_ops ? f->priv : NULL;
}

static long pipe_ioctl(struct file *f, unsigned cmd, union call_arg arg)
{
	struct pipe *p = f->priv;

	switch (cmd) {
	case FIONREAD:
		*arg.number = (int)ring_used(&p->ring);
		return 0;
	default:
		return -ENOTTY;
	}
}

/* Rounded up to a number of pages that is a power of two. */
static long set_size(struct pipe *p, unsigned long bytes)
{
	unsigned pages = 1;
	int ret;

	if (bytes > 1ul << 31)
		return -EINVAL;
	while (pages * PAGE_SIZE < bytes)
		pages *= 2;
	if (pages > RING_PAGES_MAX)
		return -EPERM;
	mutex_lock(&p->lock);
	ret = ring_resize(&p->ring, pages);
	mutex_unlock(&p->lock);
	if (ret)
		return ret;
	waitq_wake(&p->writable, POLLOUT | POLLWRNORM);
	return (long)(pages * PAGE_SIZE);
}

static long pipe_fcntl(struct file *f, unsigned cmd, union call_arg arg)
{
	struct pipe *p = f->priv;

	switch (cmd) {
	case F_SETPIPE_SZ:
		return set_size(p, (unsigned)arg.value);
	case F_GETPIPE_SZ:
		return (long)(READ_ONCE(p->ring.size) * PAGE_SIZE);
	default:
		return -EBADF;
	}
}

static void pipe_stat(struct file *f, struct stat *st)
{
	const union call_arg pipe = { .object = f->priv };

	if (f->inode)
		return;
	st->st_mode = S_IFIFO | 0600;
	st->st_ino = pipe.value >> 4; /* both ends are one thing */
}

const struct file_ops pipe_ops = {
	.name = "pipe",
	.read = pipe_read,
	.write = pipe_write,
	.poll = pipe_poll,
	.ioctl = pipe_ioctl,
	.fcntl = pipe_fcntl,
	.node = pipe_node,
	.stat = pipe_stat,
	.release = pipe_release,
};

struct pipe *pipe_alloc(void)
{
	struct pipe *p = kzalloc(sizeof(*p));

	if (!p)
		return NULL;
	if (ring_init(&p->ring)) {
		kfree(p);
		return NULL;
	}
	mutex_init(&p->lock);
	waitq_init(&p->readable);
	waitq_init(&p->writable);
	return p;
}

/* One end more, as an open file. NULL when out of memory. */
static struct file *end_new(struct pipe *p, unsigned flags)
{
	struct file *f = file_new(&pipe_ops, p, flags);

	if (!f)
		return NULL;
	spin_lock(&pipe_ends_lock);
	pipe_add_ends(p, flags);
	p->users++;
	spin_unlock(&pipe_ends_lock);
	return f;
}

/* Both ends, or none. */
static int pipe_new(unsigned flags, struct file **r, struct file **w)
{
	struct pipe *p = pipe_alloc();

	if (!p)
		return -ENOMEM;
	*r = end_new(p, O_RDONLY | flags);
	if (!*r) {
		ring_free(&p->ring);
		kfree(p);
		return -ENOMEM;
	}
	*w = end_new(p, O_WRONLY | flags);
	if (!*w) {
		file_put(*r);
		return -ENOMEM;
	}
	return 0;
}

long sys_pipe2(int *fds, int flags)
{
	struct file *r, *w;
	int ret;

	if (flags & ~(O_CLOEXEC | O_NONBLOCK | O_DIRECT))
		return -EINVAL;
	if (!fds)
		return -EFAULT;
	ret = pipe_new(flags & (O_NONBLOCK | O_DIRECT), &r, &w);
	return ret ? ret : fd_install_pair(r, w, flags & O_CLOEXEC, fds);
}

long sys_pipe(int *fds)
{
	return sys_pipe2(fds, 0);
}
