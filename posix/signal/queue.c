/* SPDX-License-Identifier: BSD-3-Clause */
#include "internal.h"

#include <core/alloc.h>
#include <core/errno.h>

#define SIGRTMIN 32

/* Those of one number stay in the order in which they came. */
static bool slot_before(const struct tree_node *a, const struct tree_node *b)
{
	return tree_entry(a, struct signal_slot, node)->info.signo < tree_entry(b, struct signal_slot, node)->info.signo;
}

#define ENTRIES_INIT TREE_INIT(slot_before, NULL)

PROCESS_LOCAL struct signal_queue process_queue = { .entries = ENTRIES_INIT };
uint64_t signals_max = UINT64_MAX;
static uint64_t places; /* taken, of signals_max; under signal_lock */
struct spinlock signal_lock = SPINLOCK_INIT("signal: queues, masks and actions");
struct waitq signal_waitq = WAITQ_INIT(signal_waitq);

/* The first thread gets this before posix/process is up. */
static struct signal_thread boot_thread = { .queue.entries = ENTRIES_INIT, .alt.flags = SS_DISABLE };
static struct signal_thread *no_threads(struct thread *t __unused)
{
	return &boot_thread;
}
struct signal_thread *(*signal_thread_of)(struct thread *t) = no_threads;

struct signal_thread *signal_self(void)
{
	return signal_thread_of(thread_self());
}

void queue_init(struct signal_queue *q)
{
	*q = (struct signal_queue){ .entries = ENTRIES_INIT };
}

struct signal_thread *signal_thread_new(const struct signal_thread *parent)
{
	struct signal_thread *st = kzalloc(sizeof(*st));

	if (!st)
		return NULL;
	queue_init(&st->queue);
	st->alt.flags = SS_DISABLE;
	if (parent)
		st->blocked = parent->blocked;
	return st;
}

/* Under signal_lock. @always: beyond the limit too. */
static bool take_place(bool always)
{
	if (places >= signals_max && !always)
		return false;
	places++;
	return true;
}

bool signal_place_take(void)
{
	spin_lock(&signal_lock);
	bool taken = take_place(false);

	spin_unlock(&signal_lock);
	return taken;
}

void signal_place_give(void)
{
	spin_lock(&signal_lock);
	places--;
	spin_unlock(&signal_lock);
}

/* Pending no more. A timer's stays, with the count of what it stood for. */
static void let_go(struct signal_slot *slot)
{
	tree_remove(&slot->queue->entries, &slot->node);
	slot->queue = NULL;
	slot->delivered_overrun = slot->overrun;
	if (slot->allocated) {
		kfree(slot);
		places--;
	}
}

/* The first entry for @sig, or NULL. */
static struct signal_slot *first_for(struct signal_queue *q, int sig)
{
	struct signal_slot *found = NULL;

	for (struct tree_node *n = q->entries.root; n;) {
		struct signal_slot *slot = tree_entry(n, struct signal_slot, node);

		if (slot->info.signo >= sig)
			found = slot;
		n = slot->info.signo >= sig ? n->left : n->right;
	}
	return found && found->info.signo == sig ? found : NULL;
}

void queue_clear(struct signal_queue *q)
{
	struct tree_node *n;

	while ((n = tree_first(&q->entries)))
		let_go(tree_entry(n, struct signal_slot, node));
}

void queue_drop(struct signal_queue *q, int sig)
{
	struct signal_slot *slot;

	while ((slot = first_for(q, sig)))
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
	tree_insert(&q->entries, &slot->node);
	slot->queue = q;
	q->pending |= SIG_BIT(slot->info.signo);
}

/* Memory for one that is sent, within the limit; standard signals that are no program's message have it always. */
static struct signal_slot *slot_new(const struct signal_info *info)
{
	if (!take_place(info->signo < SIGRTMIN && info->code >= 0))
		return NULL;
	struct signal_slot *slot = kzalloc(sizeof(*slot));

	if (!slot) {
		places--;
		return NULL;
	}
	slot->info = *info;
	slot->allocated = true;
	return slot;
}

int queue_add(struct signal_queue *q, const struct signal_info *info)
{
	uint64_t bit = SIG_BIT(info->signo);

	if (info->signo < SIGRTMIN && q->pending & bit)
		return 0;
	struct signal_slot *slot = slot_new(info);

	/* What kill() sends, and a standard signal, is better without its details than lost. */
	if (slot)
		queue_add_slot(q, slot);
	else if (info->signo >= SIGRTMIN && info->code != SI_USER)
		return -EAGAIN;
	q->pending |= bit;
	return 0;
}

bool queue_take(struct signal_queue *q, uint64_t mask, struct signal_info *out)
{
	uint64_t ready = q->pending & mask;

	if (!ready)
		return false;
	int sig = __builtin_ctzll(ready) + 1;
	struct signal_slot *slot = first_for(q, sig);

	*out = (struct signal_info){ .signo = sig, .code = SI_USER };
	if (slot) {
		*out = slot->info;
		out->overrun = (int)MIN(slot->overrun, (uint64_t)INT32_MAX);
		let_go(slot);
	}
	if (!slot || !first_for(q, sig))
		q->pending &= ~SIG_BIT(sig);
	return true;
}

void signal_slot_cancel(struct signal_slot *slot)
{
	spin_lock(&signal_lock);
	struct signal_queue *q = slot->queue;

	if (q) {
		let_go(slot);
		if (!first_for(q, slot->info.signo))
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
