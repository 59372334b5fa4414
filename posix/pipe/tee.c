/* SPDX-License-Identifier: BSD-3-Clause */
/* What splice(2) and tee(2) need of pipes. */
#include <core/errno.h>
#include <posix/pipe.h>
#include <posix/signal.h>

#include "pipe.h"

bool file_is_pipe(struct file *f)
{
	return pipe_of(f);
}

int pipe_wait_data(struct file *in, bool nonblock)
{
	struct pipe *p = pipe_of(in);

	if (pipe_has_news(p))
		return 0;
	if (nonblock || (in->flags & O_NONBLOCK))
		return -EAGAIN;
	return wait_event_interruptible(&p->readable, pipe_has_news(p));
}

ssize_t pipe_wait_room(struct file *out, bool nonblock)
{
	struct pipe *p = pipe_of(out);
	int ret = 0;

	if (!ring_room(&p->ring) && p->readers) {
		if (nonblock || (out->flags & O_NONBLOCK))
			return -EAGAIN;
		ret = wait_event_interruptible(&p->writable, ring_room(&p->ring) || !p->readers);
	}
	if (ret)
		return ret;
	if (!p->readers) {
		signal_send_thread(thread_self(), SIGPIPE);
		return -EPIPE;
	}
	return ring_room(&p->ring);
}

int pipe_page_take(struct file *in, struct pipe_page *page)
{
	struct pipe *p = pipe_of(in);
	bool ended = !p->writers, taken;

	mutex_lock(&p->lock);
	ended = ended && !p->ring.taken;
	taken = ring_take(&p->ring, page);
	mutex_unlock(&p->lock);
	return taken ? 1 : ended ? 0 : -EAGAIN;
}

void pipe_page_return(struct file *in, const struct pipe_page *page)
{
	struct pipe *p = pipe_of(in);

	mutex_lock(&p->lock);
	ring_return(&p->ring, page);
	mutex_unlock(&p->lock);
	waitq_wake(&p->readable, POLLIN | POLLRDNORM | POLLHUP); /* also who waited to hear of the end */
	if (!page->len)
		waitq_wake(&p->writable, POLLOUT | POLLWRNORM);
}

int pipe_page_get(struct file *out, struct pipe_page *page)
{
	struct pipe *p = pipe_of(out);
	int ret = -EAGAIN;

	mutex_lock(&p->lock);
	if (ring_room(&p->ring))
		ret = ring_get(&p->ring, page) ? 0 : -ENOMEM;
	mutex_unlock(&p->lock);
	return ret;
}

void pipe_page_put(struct file *out, const struct pipe_page *page)
{
	struct pipe *p = pipe_of(out);

	mutex_lock(&p->lock);
	ring_put(&p->ring, page);
	mutex_unlock(&p->lock);
	if (page->len)
		waitq_wake(&p->readable, POLLIN | POLLRDNORM);
	else
		waitq_wake(&p->writable, POLLOUT | POLLWRNORM);
}

/* Two locks of a kind: always in the order of addresses. */
static void lock_both(struct pipe *a, struct pipe *b)
{
	mutex_lock(a < b ? &a->lock : &b->lock);
	mutex_lock(a < b ? &b->lock : &a->lock);
}

ssize_t pipe_tee(struct file *in, struct file *out, size_t len)
{
	struct pipe *from = pipe_of(in), *to = pipe_of(out);
	bool ended = !from->writers;
	ssize_t n;

	if (from == to)
		return -EINVAL;
	if (!to->readers)
		return -EPIPE;
	lock_both(from, to);
	n = ring_copy(&to->ring, &from->ring, len);
	ended = ended && !ring_used(&from->ring) && !from->ring.taken;
	mutex_unlock(&from->lock);
	mutex_unlock(&to->lock);
	if (n > 0)
		waitq_wake(&to->readable, POLLIN | POLLRDNORM);
	return n || ended ? n : -EAGAIN;
}
