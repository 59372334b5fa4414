/* SPDX-License-Identifier: BSD-3-Clause */
/* The queue of events: filled under notify_lock(), emptied by readers. */
#include <abi/ioctl.h>
#include <core/alloc.h>
#include <core/errno.h>
#include <core/string.h>

#include "inotify.h"

void events_init(struct queue *q)
{
	spinlock_init(&q->lock, "inotify: events");
	list_init(&q->events);
	list_init(&q->overflow.link);
	q->overflow.event = (struct inotify_event){ .wd = -1, .mask = IN_Q_OVERFLOW };
	waitq_init(&q->wait);
}

static size_t size_of(const struct queued *e)
{
	return sizeof(e->event) + e->event.len;
}

/* The lock is held. The one for lost events is a part of the queue, and NULL is returned for it. */
static struct queued *remove(struct queue *q, struct queued *e)
{
	list_del(&e->link);
	list_init(&e->link);
	q->count--;
	q->bytes -= size_of(e);
	return e == &q->overflow ? NULL : e;
}

void events_clear(struct queue *q)
{
	while (!list_empty(&q->events))
		kfree(remove(q, list_first(&q->events, struct queued, link)));
}

static struct queued *make(int wd, uint32_t mask, uint32_t cookie, struct name name)
{
	size_t len = name.len ? ALIGN_UP(name.len + 1, sizeof(struct inotify_event)) : 0;
	struct queued *e = kzalloc(sizeof(*e) + len);

	if (!e)
		return NULL;
	e->event = (struct inotify_event){ wd, mask, cookie, (uint32_t)len };
	e->name = memcpy(e + 1, name.s, name.len);
	return e;
}

static bool is_same(const struct queued *a, const struct queued *b)
{
	return a->event.wd == b->event.wd && a->event.mask == b->event.mask && a->event.len == b->event.len &&
	       !(a->event.mask & IN_IGNORED) && !memcmp(a->name, b->name, a->event.len);
}

/* The lock is held. */
static bool repeats_last(const struct queue *q, const struct queued *e)
{
	return !list_empty(&q->events) && is_same(list_entry(q->events.prev, struct queued, link), e);
}

void events_add(struct queue *q, int wd, uint32_t mask, uint32_t cookie, struct name name)
{
	struct queued *e = make(wd, mask, cookie, name), *spare = e;

	spin_lock(&q->lock);
	bool lost = !e || q->count >= QUEUE_MAX;

	if (lost)
		e = list_empty(&q->overflow.link) ? &q->overflow : NULL;
	else if (repeats_last(q, e))
		e = NULL;
	else
		spare = NULL;
	if (e) {
		list_push_back(&q->events, &e->link);
		q->count++;
		q->bytes += size_of(e);
	}
	spin_unlock(&q->lock);
	kfree(spare);
	if (e)
		waitq_wake(&q->wait, POLLIN | POLLRDNORM);
}

/* The next event, if it fits into @room: *@size is its size, 0 if there is none; -EINVAL if it does not fit. The caller frees *@out. */
static int take(struct queue *q, size_t room, struct queued **out, struct inotify_event *event)
{
	int ret = -EAGAIN;

	spin_lock(&q->lock);
	if (!list_empty(&q->events)) {
		struct queued *e = list_first(&q->events, struct queued, link);

		ret = size_of(e) <= room ? 0 : -EINVAL;
		*event = e->event;
		if (!ret)
			*out = remove(q, e);
	}
	spin_unlock(&q->lock);
	return ret;
}

ssize_t events_read(struct file *f, struct iov_iter *it, off_t *pos __unused)
{
	struct inotify_event event;
	struct queue *q = f->priv;
	struct queued *e = NULL;
	ssize_t done = 0;

	for (;;) {
		int ret = take(q, it->left, &e, &event);

		if (!ret) {
			done += iov_put(it, &event, sizeof(event));
			if (e)
				done += iov_put(it, e->name, event.len);
			kfree(e);
			e = NULL;
			continue;
		}
		if (done || ret != -EAGAIN || (f->flags & O_NONBLOCK))
			return done ? done : ret;
		ret = wait_event_interruptible(&q->wait, READ_ONCE(q->count));
		if (ret)
			return ret;
	}
}

unsigned events_poll(struct file *f, struct poll_table *pt)
{
	struct queue *q = f->priv;

	poll_wait(pt, &q->wait);
	return READ_ONCE(q->count) ? POLLIN | POLLRDNORM : 0;
}

off_t events_seek(struct file *f __unused, off_t offset __unused, int whence __unused)
{
	return 0;
}

long events_ioctl(struct file *f, unsigned cmd, union call_arg arg)
{
	struct queue *q = f->priv;

	if (cmd != FIONREAD)
		return -ENOTTY;
	*arg.number = (int)READ_ONCE(q->bytes);
	return 0;
}
