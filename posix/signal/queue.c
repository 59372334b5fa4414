/* SPDX-License-Identifier: BSD-3-Clause */
#include "internal.h"

#include <core/alloc.h>
#include <core/errno.h>

#define SIGRTMIN 32

PROCESS_LOCAL struct signal_queue process_queue = { .entries = LIST_INIT(process_queue.entries) };
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

/* Pending no more. A timer's stays, with the count of what it stood for. */
static void let_go(struct signal_slot *slot)
{
	list_del(&slot->link);
	slot->queue = NULL;
	slot->delivered_overrun = slot->overrun;
	if (slot->allocated)
		kfree(slot);
}

void queue_clear(struct signal_queue *q)
{
	struct signal_slot *slot, *next;

	list_for_each_safe(slot, next, &q->entries, link)
		let_go(slot);
}

void queue_drop(struct signal_queue *q, int sig)
{
	struct signal_slot *slot, *next;

	list_for_each_safe(slot, next, &q->entries, link)
		if (slot->info.signo == sig)
			let_go(slot);
	q->pending &= ~SIG_BIT(sig);
}

void signal_thread_free(struct signal_thread *st)
{
	spin_lock(&signal_lock);
	queue_clear(&st->queue);
	spin_unlock(&signal_lock);
	kfree(st);
}

void queue_add_slot(struct signal_queue *q, struct signal_slot *slot)
{
	list_push_back(&q->entries, &slot->link);
	slot->queue = q;
	q->pending |= SIG_BIT(slot->info.signo);
}

int queue_add(struct signal_queue *q, const struct signal_info *info)
{
	uint64_t bit = SIG_BIT(info->signo);

	if (info->signo < SIGRTMIN && q->pending & bit)
		return 0;
	struct signal_slot *slot = kzalloc(sizeof(*slot));

	/* A standard signal without its details is better than none. */
	if (slot) {
		slot->info = *info;
		slot->allocated = true;
		queue_add_slot(q, slot);
	} else if (info->signo >= SIGRTMIN) {
		return -EAGAIN;
	}
	q->pending |= bit;
	return 0;
}

/* The first entry for @sig behind @from, which may be the list's head. */
static struct signal_slot *next_for(struct signal_queue *q, struct list *from, int sig)
{
	for (struct list *l = from->next; l != &q->entries; l = l->next) {
		struct signal_slot *slot = container_of(l, struct signal_slot, link);

		if (slot->info.signo == sig)
			return slot;
	}
	return NULL;
}

bool queue_take(struct signal_queue *q, uint64_t mask, struct signal_info *out)
{
	uint64_t ready = q->pending & mask;

	if (!ready)
		return false;
	int sig = __builtin_ctzll(ready) + 1;
	struct signal_slot *slot = next_for(q, &q->entries, sig);

	*out = (struct signal_info){ .signo = sig, .code = SI_USER, .pid = process_id() };
	if (!slot || !next_for(q, &slot->link, sig))
		q->pending &= ~SIG_BIT(sig);
	if (slot) {
		*out = slot->info;
		out->overrun = (int)MIN(slot->overrun, (uint64_t)INT32_MAX);
		let_go(slot);
	}
	return true;
}

void signal_slot_cancel(struct signal_slot *slot)
{
	spin_lock(&signal_lock);
	struct signal_queue *q = slot->queue;

	if (q) {
		let_go(slot);
		if (!next_for(q, &q->entries, slot->info.signo))
			q->pending &= ~SIG_BIT(slot->info.signo);
	}
	spin_unlock(&signal_lock);
}

void signal_recalculate(struct thread *t)
{
	struct signal_thread *st = signal_thread_of(t);

	if (!st)
		return;
	if ((st->queue.pending | process_local_of(process_of(t), process_queue).pending) & ~st->blocked)
		thread_interrupt(t);
	else
		thread_clear_interrupted(t);
}

uint64_t signal_pending_mask(void)
{
	return signal_self()->queue.pending | process_local(process_queue).pending;
}

int signal_dequeue(uint64_t mask, struct signal_info *out)
{
	spin_lock(&signal_lock);
	bool found = queue_take(&signal_self()->queue, mask, out) || queue_take(&process_local(process_queue), mask, out);

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
