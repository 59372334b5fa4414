/* SPDX-License-Identifier: BSD-3-Clause */
#include "internal.h"

#include <core/alloc.h>
#include <core/errno.h>

#define SIGRTMIN 32

struct queued {
	struct list link;
	struct signal_info info;
};

struct signal_queue process_queue = { .entries = LIST_INIT(process_queue.entries) };
struct spinlock signal_lock = SPINLOCK_INIT("signal: queues, masks and actions");
struct waitq signal_waitq = WAITQ_INIT(signal_waitq);

/* The first thread gets this before posix/process is up. */
static struct signal_thread boot_thread = { .queue.entries = LIST_INIT(boot_thread.queue.entries), .alt.flags = SS_DISABLE };
static struct signal_thread *no_threads(struct thread *t __unused)
{
	return &boot_thread;
}
struct signal_thread *(*signal_thread_of)(struct thread *t) = no_threads;

struct signal_thread *signal_self(void)
{
	return signal_thread_of(thread_self());
}

struct signal_thread *signal_thread_new(const struct signal_thread *parent)
{
	struct signal_thread *st = kzalloc(sizeof(*st));

	if (!st)
		return NULL;
	list_init(&st->queue.entries);
	st->alt.flags = SS_DISABLE;
	if (parent)
		st->blocked = parent->blocked;
	return st;
}

void signal_thread_free(struct signal_thread *st)
{
	struct queued *q, *next;

	list_for_each_safe(q, next, &st->queue.entries, link)
		kfree(q);
	kfree(st);
}

int queue_add(struct signal_queue *q, const struct signal_info *info)
{
	uint64_t bit = SIG_BIT(info->signo);

	if (info->signo < SIGRTMIN && q->pending & bit)
		return 0;
	struct queued *item = kmalloc(sizeof(*item));

	/* A standard signal without its details is better than none. */
	if (item) {
		item->info = *info;
		list_push_back(&q->entries, &item->link);
	} else if (info->signo >= SIGRTMIN) {
		return -EAGAIN;
	}
	q->pending |= bit;
	return 0;
}

bool queue_take(struct signal_queue *q, uint64_t mask, struct signal_info *out)
{
	uint64_t ready = q->pending & mask;
	struct queued *item, *next;
	bool found = false;

	if (!ready)
		return false;
	int sig = __builtin_ctzll(ready) + 1;

	*out = (struct signal_info){ .signo = sig, .code = SI_USER, .pid = 1 };
	q->pending &= ~SIG_BIT(sig);
	list_for_each_safe(item, next, &q->entries, link) {
		if (item->info.signo != sig)
			continue;
		if (found) { /* another instance of a real-time signal */
			q->pending |= SIG_BIT(sig);
			break;
		}
		*out = item->info;
		list_del(&item->link);
		kfree(item);
		found = true;
	}
	return true;
}

void signal_recalculate(struct thread *t)
{
	struct signal_thread *st = signal_thread_of(t);

	if (!st)
		return;
	if ((st->queue.pending | process_queue.pending) & ~st->blocked)
		thread_interrupt(t);
	else
		thread_clear_interrupted(t);
}

uint64_t signal_pending_mask(void)
{
	return signal_self()->queue.pending | process_queue.pending;
}

int signal_dequeue(uint64_t mask, struct signal_info *out)
{
	spin_lock(&signal_lock);
	bool found = queue_take(&signal_self()->queue, mask, out) || queue_take(&process_queue, mask, out);

	if (found)
		signal_recalculate(thread_self());
	spin_unlock(&signal_lock);
	return found ? out->signo : 0;
}

uint64_t signal_swap_mask(uint64_t blocked)
{
	struct signal_thread *st = signal_self();

	spin_lock(&signal_lock);
	uint64_t old = st->blocked;

	st->blocked = blocked & ~(SIG_BIT(SIGKILL) | SIG_BIT(SIGSTOP));
	signal_recalculate(thread_self());
	spin_unlock(&signal_lock);
	return old;
}
