/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading a terminal. */
#include <core/errno.h>

#include "tty.h"

#define DECISECOND (100 * NSEC_PER_MSEC)

/* Take cooked bytes: in canonical mode up to the end of a line. */
static size_t take_cooked(struct tty *tty, char *buf, size_t len)
{
	bool canonical = tty->t.lflag & ICANON;
	size_t n = 0;

	while (n < len && tty->tail != tty->commit) {
		char c = tty->cooked[tty->tail++ % COOKED_SIZE];

		buf[n++] = c;
		if (canonical && (c == '\n' || (c && c == (char)tty->t.cc[VEOL])))
			break;
	}
	return n;
}

/* What is there, at most @len bytes; *@end is set when an end-of-file mark was there instead, which stays there without @end. */
static size_t take(struct tty *tty, char *buf, size_t len, bool *end)
{
	size_t n;

	tty_lock(tty);
	n = take_cooked(tty, buf, len);
	if (!n && tty->ends && len) {
		if (end) {
			tty->ends--;
			*end = true;
		}
	} else if (!tty_is_cooking(tty) && n < len) {
		n += tty_take_bytes(tty, buf + n, len - n);
		if (!n && end)
			*end = tty_take_end(tty);
	}
	tty_process(tty); /* there is room again */
	tty_unlock(tty);
	return n;
}

/* Through a small buffer: the caller's memory may fault, which is no good under the lock. */
static ssize_t take_to(struct tty *tty, struct iov_iter *it, bool *end)
{
	ssize_t done = 0;
	char buf[256];

	while (it->left) {
		size_t n = take(tty, buf, MIN(it->left, sizeof(buf)), done ? NULL : end);

		if (!n)
			break;
		iov_put(it, buf, n);
		done += n;
		if (tty->t.lflag & ICANON && buf[n - 1] == '\n')
			break;
	}
	return done;
}

static bool is_at_end(const struct tty *tty)
{
	return tty->ends || console_at_end(tty->con);
}

static bool is_ready(const struct tty *tty)
{
	return tty_readable(tty) || is_at_end(tty) || READ_ONCE(tty->con->lost);
}

static ssize_t read_canonical(struct tty *tty, struct iov_iter *it, bool nonblock)
{
	bool end = false;

	for (;;) {
		bool lost = READ_ONCE(tty->con->lost); /* looked at first: what came before is read */
		ssize_t n = take_to(tty, it, &end);
		int ret;

		if (n || end)
			return n;
		if (lost)
			return -EIO;
		if (nonblock)
			return -EAGAIN;
		tty_expect_input(tty);
		ret = wait_event_interruptible(&tty->wait, is_ready(tty));
		if (ret)
			return ret;
	}
}

/* MIN and TIME, XBD 11.1.7: TIME alone limits the whole read, with MIN it limits the pause between bytes. */
static ssize_t read_raw(struct tty *tty, struct iov_iter *it, bool nonblock)
{
	size_t min = MIN((size_t)tty->t.cc[VMIN], it->left);
	uint64_t time = tty->t.cc[VTIME] * DECISECOND;
	uint64_t deadline = !min && time ? time_monotonic() + time : 0;
	ssize_t done = 0;
	bool end = false;

	for (;;) {
		bool lost = READ_ONCE(tty->con->lost);
		int ret;

		done += take_to(tty, it, done ? NULL : &end);
		if (end || (done && is_at_end(tty)))
			return done;
		if (lost)
			return done ? done : -EIO;
		if ((done && (size_t)done >= min) || !it->left || (!min && !time))
			return done;
		if (nonblock)
			return done ? done : -EAGAIN;
		if (min && time && done)
			deadline = time_monotonic() + time;
		tty_expect_input(tty);
		ret = wait_event_timeout(&tty->wait, is_ready(tty), deadline);
		if (ret)
			return done || ret == -ETIMEDOUT ? done : ret;
	}
}

ssize_t tty_read(struct file *f, struct iov_iter *it, off_t *pos)
{
	bool nonblock = f->flags & O_NONBLOCK;
	struct tty *tty = f->priv;
	ssize_t ret;

	(void)pos;
	if (!it->left)
		return 0;
	tty_use(tty);
	if (nonblock) {
		if (!mutex_trylock(&tty->read_lock))
			return -EAGAIN;
		if (tty->con->poll_input)
			tty->con->poll_input(tty->con);
	} else {
		mutex_lock(&tty->read_lock);
	}
	ret = tty->t.lflag & ICANON ? read_canonical(tty, it, nonblock) : read_raw(tty, it, nonblock);
	mutex_unlock(&tty->read_lock);
	return ret;
}
