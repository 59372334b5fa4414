/* SPDX-License-Identifier: BSD-3-Clause */
/* Writing to a terminal. */
#include <core/errno.h>
#include <core/string.h>

#include "tty.h"

#define CLOSE_WAIT NSEC_PER_SEC

bool tty_can_write(const struct tty *tty)
{
	return !tty->con->can_write || tty->con->can_write(tty->con);
}

/* A newline as return and newline, of which the console may take one at a time. Returns 1 when it is out, 0, or -Exxx. */
static ssize_t put_newline(struct tty *tty)
{
	ssize_t n;

	if (tty->newline_due) {
		n = tty->con->write(tty->con, "\n", 1);
	} else {
		n = tty->con->write(tty->con, "\r\n", 2);
		if (n == 1) {
			tty->newline_due = true;
			return 0;
		}
	}
	if (n > 0) {
		tty->newline_due = false;
		return 1;
	}
	return n;
}

/* What the console takes of @buf: returns how many of the caller's bytes, or -Exxx. */
static ssize_t put_some(struct tty *tty, const char *buf, size_t len)
{
	const char *newline;

	if (!(tty->t.oflag & OPOST) || !(tty->t.oflag & ONLCR))
		return tty->con->write(tty->con, buf, len);
	if (*buf == '\n')
		return put_newline(tty);
	newline = memchr(buf, '\n', len);
	return tty->con->write(tty->con, buf, newline ? (size_t)(newline - buf) : len);
}

static ssize_t write_locked(struct tty *tty, struct iov_iter *it, bool nonblock)
{
	ssize_t done = 0;
	size_t len;

	for (const char *p = iov_peek(it, &len); len; p = iov_peek(it, &len)) {
		ssize_t n = put_some(tty, p, len);

		if (n < 0)
			return done ? done : n;
		iov_advance(it, n);
		done += n;
		if (n || tty_can_write(tty))
			continue;
		if (nonblock)
			return done ? done : -EAGAIN;
		n = wait_event_interruptible(&tty->wait, tty_can_write(tty));
		if (n)
			return done ? done : n;
	}
	return done;
}

int tty_drain(struct tty *tty)
{
	return console_drain(tty->con, 0, true);
}

/* Closing waits for the output, but not for an end that is not there. */
void tty_release(struct file *f)
{
	struct tty *tty = f->priv;

	console_drain(tty->con, time_monotonic() + CLOSE_WAIT, false);
}

ssize_t tty_write(struct file *f, struct iov_iter *it, off_t *pos)
{
	struct tty *tty = f->priv;
	ssize_t ret;

	(void)pos;
	tty_use(tty);
	mutex_lock(&tty->write_lock);
	ret = write_locked(tty, it, f->flags & O_NONBLOCK);
	mutex_unlock(&tty->write_lock);
	return ret;
}
