/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * epoll. Each item stays registered on its file's wait queues; a wake puts it on the ready list. Collecting takes items off
 * that list and asks the file: level-triggered items that are ready go back to its end.
 *
 * Locks: file_watch_lock() before @lock before @ready_lock. @lock covers the items; @ready_lock the ready list, which interrupt handlers
 * append to, and batches taken off it.
 */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/log.h>

#include "epoll.h"

#define MODES (EPOLLEXCLUSIVE | EPOLLWAKEUP | EPOLLONESHOT | EPOLLET)
#define ALWAYS (POLLERR | POLLHUP)
#define BUCKETS 64u

struct item;

struct item_entry {
	struct wait_entry entry;
	struct item *item;
};

struct item {
	struct list link; /* in its bucket */
	struct list ready; /* in the ready list, or alone */
	struct epoll *ep;
	struct file *file; /* not counted: @watch tells when it goes */
	int fd;
	struct epoll_event event;
	struct file_watch watch;
	struct poll_table table; /* for the registration */
	struct item_entry entries[POLL_QUEUES];
	unsigned queues;
};

struct epoll {
	struct mutex lock;
	struct list buckets[BUCKETS];
	struct list ready;
	struct spinlock ready_lock;
	struct waitq wait;
};

static unsigned wanted(const struct item *it)
{
	/* A one-shot item that has fired wants nothing, not even errors. */
	return it->event.events & ~MODES ? (it->event.events & ~MODES) | ALWAYS : 0;
}

static void make_ready(struct item *it)
{
	struct epoll *ep = it->ep;

	spin_lock(&ep->ready_lock);
	if (list_empty(&it->ready))
		list_push_back(&ep->ready, &it->ready);
	spin_unlock(&ep->ready_lock);
	waitq_wake(&ep->wait, POLLIN | POLLRDNORM);
}

static void wake(struct wait_entry *e, unsigned events)
{
	struct item *it = container_of(e, struct item_entry, entry)->item;

	if (events & wanted(it))
		make_ready(it);
}

static void add_queue(struct poll_table *pt, struct waitq *q)
{
	struct item *it = container_of(pt, struct item, table);
	struct item_entry *e = &it->entries[it->queues];

	ASSERT(it->queues < POLL_QUEUES);
	it->queues++;
	list_init(&e->entry.link);
	e->entry.wake = wake;
	e->item = it;
	waitq_add(q, &e->entry);
}

static struct list *bucket(struct epoll *ep, int fd)
{
	return &ep->buckets[(unsigned)fd % BUCKETS];
}

/* An item is named by number and file: after dup2() the same number may be another file. */
static struct item *find(struct epoll *ep, int fd, const struct file *f)
{
	struct item *it;

	list_for_each(it, bucket(ep, fd), link)
		if (it->fd == fd && it->file == f)
			return it;
	return NULL;
}

static void item_free(struct item *it)
{
	list_del(&it->watch.link);
	for (unsigned i = 0; i < it->queues; i++)
		waitq_remove(&it->entries[i].entry);
	spin_lock(&it->ep->ready_lock);
	list_del(&it->ready);
	spin_unlock(&it->ep->ready_lock);
	list_del(&it->link);
	kfree(it);
}

static void file_gone(struct file_watch *w)
{
	struct item *it = container_of(w, struct item, watch);
	struct epoll *ep = it->ep;

	mutex_lock(&ep->lock);
	item_free(it);
	mutex_unlock(&ep->lock);
}

static struct item *item_new(struct epoll *ep, int fd, struct file *f, const struct epoll_event *ev)
{
	struct item *it = kzalloc(sizeof(*it));

	if (!it)
		return NULL;
	list_init(&it->ready);
	it->ep = ep;
	it->file = f;
	it->fd = fd;
	it->event = *ev;
	it->watch.gone = file_gone;
	it->table.add = add_queue;
	list_push_back(bucket(ep, fd), &it->link);
	list_push_back(&f->watches, &it->watch.link);
	return it;
}

static int add_locked(struct epoll *ep, int fd, struct file *f, const struct epoll_event *ev)
{
	struct item *it;

	if (find(ep, fd, f))
		return -EEXIST;
	it = item_new(ep, fd, f, ev);
	if (!it)
		return -ENOMEM;
	if (file_poll(f, &it->table) & wanted(it))
		make_ready(it);
	return 0;
}

static int change_locked(struct epoll *ep, int fd, struct file *f, const struct epoll_event *ev)
{
	struct item *it = find(ep, fd, f);

	if (!it)
		return -ENOENT;
	it->event = *ev;
	if (file_poll(f, NULL) & wanted(it))
		make_ready(it);
	return 0;
}

int epoll_add(struct epoll *ep, int fd, struct file *f, const struct epoll_event *ev)
{
	int ret;

	if (!f->ops->poll)
		return -EPERM;
	file_watch_lock();
	mutex_lock(&ep->lock);
	ret = add_locked(ep, fd, f, ev);
	mutex_unlock(&ep->lock);
	file_watch_unlock();
	return ret;
}

int epoll_change(struct epoll *ep, int fd, struct file *f, const struct epoll_event *ev)
{
	int ret;

	mutex_lock(&ep->lock);
	ret = change_locked(ep, fd, f, ev);
	mutex_unlock(&ep->lock);
	return ret;
}

int epoll_delete(struct epoll *ep, int fd, struct file *f)
{
	struct item *it;

	file_watch_lock();
	mutex_lock(&ep->lock);
	it = find(ep, fd, f);
	if (it)
		item_free(it);
	mutex_unlock(&ep->lock);
	file_watch_unlock();
	return it ? 0 : -ENOENT;
}

static struct item *take_ready(struct epoll *ep, struct list *from)
{
	struct item *it = NULL;

	spin_lock(&ep->ready_lock);
	if (!list_empty(from)) {
		it = list_first(from, struct item, ready);
		list_del(&it->ready);
	}
	spin_unlock(&ep->ready_lock);
	return it;
}

static void put_back(struct epoll *ep, struct list *batch, struct item *it)
{
	spin_lock(&ep->ready_lock);
	if (list_empty(&it->ready)) /* else it became ready again, and is in the ready list */
		list_push_front(batch, &it->ready);
	spin_unlock(&ep->ready_lock);
}

/* Put the items of @from before those of the ready list. */
static void give_back(struct epoll *ep, struct list *from)
{
	spin_lock(&ep->ready_lock);
	while (!list_empty(from)) {
		struct list *last = from->prev;

		list_del(last);
		list_push_front(&ep->ready, last);
	}
	spin_unlock(&ep->ready_lock);
}

static void take_all(struct epoll *ep, struct list *to)
{
	spin_lock(&ep->ready_lock);
	if (!list_empty(&ep->ready)) {
		*to = ep->ready;
		to->next->prev = to->prev->next = to;
		list_init(&ep->ready);
	}
	spin_unlock(&ep->ready_lock);
}

/* Ask the items that were ready when it began, each once. */
static int scan(struct epoll *ep, struct epoll_event *out, int max)
{
	struct list batch;
	struct item *it;
	int n = 0;

	list_init(&batch);
	mutex_lock(&ep->lock);
	take_all(ep, &batch);
	while (n < max && (it = take_ready(ep, &batch))) {
		unsigned got = file_poll(it->file, NULL) & wanted(it);

		if (!got)
			continue;
		out[n].events = got;
		out[n].data = it->event.data;
		n++;
		if (it->event.events & EPOLLONESHOT)
			it->event.events &= MODES;
		else if (!(it->event.events & EPOLLET))
			make_ready(it);
	}
	give_back(ep, &batch);
	mutex_unlock(&ep->lock);
	return n;
}

long epoll_collect(struct epoll *ep, struct epoll_event *out, int max, struct patience p)
{
	for (;;) {
		long n = scan(ep, out, max);
		int ret;

		if (n || !p.wait)
			return n;
		ret = wait_event_full(&ep->wait, !list_empty(&ep->ready), p.deadline, true);
		if (ret)
			return ret == -ETIMEDOUT ? scan(ep, out, max) : ret;
	}
}

/* Readable when an item is: items that turn out not to be leave the ready list. */
static unsigned epoll_poll(struct file *f, struct poll_table *pt)
{
	struct epoll *ep = f->priv;
	struct list batch;
	struct item *it;
	bool ready = false;

	poll_wait(pt, &ep->wait);
	list_init(&batch);
	mutex_lock(&ep->lock);
	take_all(ep, &batch);
	while (!ready && (it = take_ready(ep, &batch))) {
		ready = file_poll(it->file, NULL) & wanted(it);
		if (ready)
			put_back(ep, &batch, it);
	}
	give_back(ep, &batch);
	mutex_unlock(&ep->lock);
	return ready ? POLLIN | POLLRDNORM : 0;
}

static void epoll_release(struct file *f)
{
	struct epoll *ep = f->priv;
	struct item *it, *tmp;

	file_watch_lock();
	mutex_lock(&ep->lock);
	for (unsigned i = 0; i < BUCKETS; i++)
		list_for_each_safe(it, tmp, &ep->buckets[i], link)
			item_free(it);
	mutex_unlock(&ep->lock);
	file_watch_unlock();
	kfree(ep);
}

static const struct file_ops epoll_ops = {
	.name = "epoll",
	.poll = epoll_poll,
	.release = epoll_release,
};

struct epoll *epoll_of(struct file *f)
{
	return f->ops == &epoll_ops ? f->priv : NULL;
}

struct file *epoll_new(void)
{
	struct epoll *ep = kzalloc(sizeof(*ep));
	struct file *f;

	if (!ep)
		return NULL;
	mutex_init(&ep->lock);
	spinlock_init(&ep->ready_lock, "epoll: ready list");
	waitq_init(&ep->wait);
	list_init(&ep->ready);
	for (unsigned i = 0; i < BUCKETS; i++)
		list_init(&ep->buckets[i]);
	f = file_new(&epoll_ops, ep, O_RDWR);
	if (!f)
		kfree(ep);
	return f;
}
