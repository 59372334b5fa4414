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

#include "epoll_item.h"

#define MODES (EPOLLEXCLUSIVE | EPOLLWAKEUP | EPOLLONESHOT | EPOLLET)
#define ALWAYS (POLLERR | POLLHUP)
/* All that goes with EPOLLEXCLUSIVE. */
#define EXCLUSIVE_OK (POLLIN | POLLOUT | POLLERR | POLLHUP | EPOLLWAKEUP | EPOLLET | EPOLLEXCLUSIVE)

static unsigned wanted(const struct item *it)
{
	/* A one-shot item that has fired wants nothing, not even errors. */
	return it->event.events & ~MODES;
}

/* Errors are told to everybody, also to who asks for nothing. */
static void set_event(struct item *it, const struct epoll_event *ev)
{
	it->event = *ev;
	it->event.events |= ALWAYS;
}

/* One thread is enough; it wakes the next if it leaves something: pass_on(). */
static void wake_one(struct epoll *ep)
{
	waitq_wake_n(&ep->wait, 1, POLLIN | POLLRDNORM);
}

static void list_ready(struct item *it)
{
	struct epoll *ep = it->ep;

	spin_lock(&ep->ready_lock);
	if (list_empty(&it->ready))
		list_push_back(&ep->ready, &it->ready);
	spin_unlock(&ep->ready_lock);
}

static void make_ready(struct item *it)
{
	list_ready(it);
	wake_one(it->ep);
}

/* An exclusive item takes the wake for itself if somebody waits for it. */
static bool wake(struct wait_entry *e, unsigned events)
{
	struct item *it = container_of(e, struct item_entry, entry)->item;
	bool anybody = !list_empty(&it->ep->wait.entries);

	if (!(events & wanted(it)))
		return false;
	make_ready(it);
	return anybody;
}

static void add_queue(struct poll_table *pt, struct waitq *q)
{
	struct item *it = container_of(pt, struct item, table);
	struct item_entry *e = &it->entries[it->queues];

	ASSERT(it->queues < POLL_QUEUES);
	it->queues++;
	list_init(&e->entry.link);
	e->entry.wake = wake;
	e->entry.exclusive = it->event.events & EPOLLEXCLUSIVE;
	e->item = it;
	waitq_add(q, &e->entry);
}

/* An item is named by number and file: after dup2() the same number may be another file. */
static bool item_before(const struct tree_node *a, const struct tree_node *b)
{
	const struct item *x = tree_entry(a, const struct item, node), *y = tree_entry(b, const struct item, node);

	return x->fd != y->fd ? x->fd < y->fd : x->file < y->file;
}

static struct item *find(struct epoll *ep, int fd, const struct file *f)
{
	for (struct tree_node *n = ep->items.root; n;) {
		struct item *it = tree_entry(n, struct item, node);

		if (it->fd == fd && it->file == f)
			return it;
		n = (fd != it->fd ? fd < it->fd : f < it->file) ? n->left : n->right;
	}
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
	tree_remove(&it->ep->items, &it->node);
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

struct item *item_of_watch(struct file_watch *w)
{
	return w->gone == file_gone ? container_of(w, struct item, watch) : NULL;
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
	set_event(it, ev);
	it->watch.gone = file_gone;
	it->table.add = add_queue;
	tree_insert(&ep->items, &it->node);
	list_push_back(&f->watches, &it->watch.link);
	return it;
}

static int add_locked(struct epoll *ep, int fd, struct file *f, const struct epoll_event *ev)
{
	struct epoll *inner = epoll_of(f);
	struct item *it;
	int ret;

	if (find(ep, fd, f))
		return -EEXIST;
	ret = inner ? epoll_check_nesting(ep, inner) : 0;
	if (ret)
		return ret;
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
	if ((it->event.events | ev->events) & EPOLLEXCLUSIVE)
		return -EINVAL;
	set_event(it, ev);
	if (file_poll(f, NULL) & wanted(it))
		make_ready(it);
	return 0;
}

int epoll_add(struct epoll *ep, int fd, struct file *f, const struct epoll_event *ev)
{
	int ret;

	if (!f->ops->poll)
		return -EPERM;
	if (ev->events & EPOLLEXCLUSIVE && (ev->events & ~EXCLUSIVE_OK || epoll_of(f)))
		return -EINVAL;
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
	list_splice_front(&ep->ready, from);
	spin_unlock(&ep->ready_lock);
}

static void take_all(struct epoll *ep, struct list *to)
{
	spin_lock(&ep->ready_lock);
	list_splice_front(to, &ep->ready);
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
			list_ready(it);
	}
	give_back(ep, &batch);
	mutex_unlock(&ep->lock);
	return n;
}

/* What is left is for another thread; also what this one was woken for and does not take. */
static void pass_on(struct epoll *ep)
{
	if (!list_empty(&ep->ready))
		wake_one(ep);
}

long epoll_collect(struct epoll *ep, struct epoll_event *out, int max, struct patience p)
{
	for (;;) {
		long n = scan(ep, out, max);
		int ret = 0;

		if (!n && p.wait) {
			ret = wait_event_full(&ep->wait, !list_empty(&ep->ready), p.deadline, true);
			if (!ret)
				continue;
			if (ret == -ETIMEDOUT)
				n = scan(ep, out, max);
		}
		pass_on(ep);
		return ret == -EINTR ? ret : n;
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
	struct tree_node *n;

	file_watch_lock();
	mutex_lock(&ep->lock);
	while ((n = tree_first(&ep->items)))
		item_free(tree_entry(n, struct item, node));
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
	ep->items = (struct tree)TREE_INIT(item_before, NULL);
	f = file_new(&epoll_ops, ep, O_RDWR);
	ep->file = f;
	if (!f)
		kfree(ep);
	return f;
}
