/* SPDX-License-Identifier: BSD-3-Clause */
/* The master of a pseudo terminal, as an open file. */
#include <abi/ioctl.h>
#include <core/errno.h>

#include "pty.h"

/* Without slaves, after the first one, there is nobody at the other end. */
static bool is_alone(const struct pty *pty)
{
	return pty->opened && !pty->slaves;
}

static size_t take(struct pty *pty, char *buf, size_t len)
{
	size_t n = 0;

	spin_lock(&pty->lock);
	while (n < len && pty->tail != pty->head)
		buf[n++] = pty->out[pty->tail++ % PTY_OUT_SIZE];
	spin_unlock(&pty->lock);
	if (n)
		console_wake(&pty->con);
	return n;
}

static ssize_t master_read(struct file *f, struct iov_iter *it, off_t *pos __unused)
{
	struct pty *pty = f->priv;
	ssize_t done = 0;
	char buf[256];

	while (it->left) {
		size_t n = take(pty, buf, MIN(it->left, sizeof(buf)));
		int ret;

		iov_put(it, buf, n);
		done += (ssize_t)n;
		if (n)
			continue;
		if (done)
			break;
		if (is_alone(pty))
			return -EIO;
		if (f->flags & O_NONBLOCK)
			return -EAGAIN;
		ret = wait_event_interruptible(&pty->wait, pty->head != pty->tail || is_alone(pty));
		if (ret)
			return ret;
	}
	return done;
}

static ssize_t master_write(struct file *f, struct iov_iter *it, off_t *pos __unused)
{
	struct pty *pty = f->priv;
	ssize_t done = 0;

	while (it->left) {
		char buf[256];
		struct iov_iter ahead = *it; /* the program's memory may fault: not under the console's lock */
		size_t n = iov_get(&ahead, buf, MIN(it->left, sizeof(buf)));
		int ret;

		n = console_receive(&pty->con, buf, n);
		iov_advance(it, n);
		done += (ssize_t)n;
		if (n)
			continue;
		if (done || (f->flags & O_NONBLOCK))
			return done ? done : -EAGAIN;
		ret = wait_event_interruptible(&pty->wait, console_rx_room(&pty->con));
		if (ret)
			return ret;
	}
	return done;
}

static unsigned master_poll(struct file *f, struct poll_table *pt)
{
	struct pty *pty = f->priv;

	poll_wait(pt, &pty->wait);
	return (pty->head != pty->tail ? POLLIN | POLLRDNORM : 0) | (console_rx_room(&pty->con) ? POLLOUT | POLLWRNORM : 0) |
	       (is_alone(pty) ? POLLHUP : 0);
}

/* Modes and window size are the slave's. */
static long master_ioctl(struct file *f, unsigned cmd, union call_arg arg)
{
	struct pty *pty = f->priv;
	struct file slave = { .priv = &pty->tty };

	switch (cmd) {
	case TIOCGPTN:
		*arg.number = (int)pty->number;
		return 0;
	case TIOCSPTLCK:
		pty->locked = *arg.number;
		return 0;
	case TIOCGPTLCK:
		*arg.number = pty->locked;
		return 0;
	case FIONREAD:
	case TIOCOUTQ:
		*arg.number = cmd == FIONREAD ? (int)(pty->head - pty->tail) : 0;
		return 0;
	default:
		return tty_ioctl(&slave, cmd, arg);
	}
}

static void master_release(struct file *f)
{
	pty_hang_up(f->priv);
}

const struct file_ops pty_master_ops = {
	.name = "ptmx",
	.read = master_read,
	.write = master_write,
	.poll = master_poll,
	.ioctl = master_ioctl,
	.release = master_release,
};
