/* SPDX-License-Identifier: BSD-3-Clause */
/* A queue: what is in it and who waits. A message goes from a sender to a receiver that waits without having been in the queue. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/priority.h>
#include <core/string.h>

#include "mqueue.h"

/* A thread that waits to send @message, or for one. */
struct mq_waiter {
	struct list link;
	struct message *message; /* a receiver's: NULL until it was handed one */
	bool done; /* handed over; it is in no list */
	unsigned priority;
	struct waiter waiter;
};

static bool goes_before(const struct tree_node *a, const struct tree_node *b)
{
	return tree_entry(a, const struct message, node)->priority > tree_entry(b, const struct message, node)->priority;
}

struct mqueue *mqueue_new(const char *name, size_t len, const struct mq_attr *attr)
{
	struct mqueue *q = kzalloc(sizeof(*q) + len + 1);

	if (!q)
		return NULL;
	q->refs = 1;
	q->maxmsg = (unsigned)attr->maxmsg;
	q->msgsize = (size_t)attr->msgsize;
	memcpy(q->name, name, len);
	spinlock_init(&q->lock, "mqueue: a queue");
	q->messages = (struct tree)TREE_INIT(goes_before, NULL);
	list_init(&q->senders);
	list_init(&q->receivers);
	waitq_init(&q->wait);
	return q;
}

static struct message *first(const struct mqueue *q)
{
	struct tree_node *n = tree_first(&q->messages);

	return n ? tree_entry(n, struct message, node) : NULL;
}

void mqueue_put(struct mqueue *q)
{
	struct message *m;

	if (__atomic_sub_fetch(&q->refs, 1, __ATOMIC_ACQ_REL))
		return;
	while ((m = first(q))) {
		tree_remove(&q->messages, &m->node);
		kfree(m);
	}
	mqueue_uncharge(q->bytes);
	kfree(q);
}

/* The lock is held, in all that follow up to the waits. */
static void insert(struct mqueue *q, struct message *m)
{
	tree_insert(&q->messages, &m->node);
	q->count++;
	q->filled += m->len;
}

static struct message *extract(struct mqueue *q)
{
	struct message *m = first(q);

	tree_remove(&q->messages, &m->node);
	q->count--;
	q->filled -= m->len;
	return m;
}

/* The first who waits in @list, who waits no longer; NULL: nobody. */
static struct mq_waiter *dequeue(struct list *list)
{
	if (list_empty(list))
		return NULL;
	struct mq_waiter *w = list_first(list, struct mq_waiter, link);

	list_del(&w->link);
	return w;
}

static void hand_over(struct mq_waiter *w)
{
	w->done = true;
	w->waiter.entry.wake(&w->waiter.entry, ~0u);
}

/* Wait in @list behind those of the same priority. */
static void enqueue(struct list *list, struct mq_waiter *w)
{
	struct list *at = list;

	waiter_init(&w->waiter);
	w->priority = thread_priority(thread_self());
	while (at->prev != list && list_entry(at->prev, struct mq_waiter, link)->priority < w->priority)
		at = at->prev;
	list_add_before(at, &w->link);
}

/* Until @w, which is in a list, was handed over: 0. Or -ETIMEDOUT, -EINTR. Without the lock. */
static int sleep_in_list(struct mqueue *q, struct mq_waiter *w, uint64_t deadline)
{
	int ret = waiter_sleep(&w->waiter, deadline, true);

	spin_lock(&q->lock);
	if (w->done)
		ret = 0;
	else
		list_del(&w->link);
	spin_unlock(&q->lock);
	return ret;
}

int mqueue_put_message(struct mqueue *q, struct message *m, bool wait, uint64_t deadline)
{
	struct mq_waiter self = { .message = m };
	struct notice notice = { .on = false };

	spin_lock(&q->lock);
	bool full = q->count >= q->maxmsg;
	struct mq_waiter *receiver = dequeue(&q->receivers);

	if (receiver) {
		receiver->message = m;
		hand_over(receiver);
	} else if (!full) {
		insert(q, m);
		if (q->count == 1)
			notice_take(q, &notice);
	} else if (wait) {
		enqueue(&q->senders, &self);
	}
	spin_unlock(&q->lock);
	if (full)
		return wait ? sleep_in_list(q, &self, deadline) : -EAGAIN;
	if (!receiver)
		waitq_wake(&q->wait, POLLIN | POLLRDNORM);
	notice_give(&notice);
	return 0;
}

int mqueue_take_message(struct mqueue *q, struct message **out, bool wait, uint64_t deadline)
{
	struct mq_waiter self = { .message = NULL }, *sender = NULL;

	spin_lock(&q->lock);
	bool empty = !q->count;

	if (!empty) {
		*out = extract(q);
		sender = dequeue(&q->senders);
		if (sender) {
			insert(q, sender->message);
			hand_over(sender);
		}
	} else if (wait) {
		enqueue(&q->receivers, &self);
	}
	spin_unlock(&q->lock);
	if (empty) {
		int ret = wait ? sleep_in_list(q, &self, deadline) : -EAGAIN;

		*out = self.message;
		return ret;
	}
	if (!sender)
		waitq_wake(&q->wait, POLLOUT | POLLWRNORM);
	return 0;
}
