/* SPDX-License-Identifier: BSD-3-Clause */
/* futex(2), in one address space: a waiter is found by the address of its word. */
#include <abi/time.h>
#include <abi/futex.h>
#include <posix/futex.h>
#include <posix/calls.h>

#include <core/errno.h>
#include <core/sched.h>
#include <core/time.h>
#include <posix/signal.h>

#include "internal.h"

#define BUCKETS 64

struct futex_waiter {
	struct list link;
	const int *word;
	uint32_t bits;
	struct waiter waiter;
};

static struct list buckets[BUCKETS];

static struct list *bucket_of(const int *word)
{
	uintptr_t a = (uintptr_t)word >> 2;
	struct list *b = &buckets[(a ^ a >> 6 ^ a >> 12) % BUCKETS];

	if (!b->next)
		list_init(b);
	return b;
}

static int wake(const int *word, int count, uint32_t bits)
{
	struct list *bucket = bucket_of(word);
	struct futex_waiter *w, *next;
	int woken = 0;

	preempt_disable();
	list_for_each_safe(w, next, bucket, link) {
		if (woken >= count)
			break;
		if (w->word != word || !(w->bits & bits))
			continue;
		list_del(&w->link);
		w->word = NULL; /* not a timeout, whatever the clock says */
		w->waiter.entry.wake(&w->waiter.entry, ~0u);
		woken++;
	}
	preempt_enable();
	return woken;
}

int futex_wake(const int *word, int count)
{
	return wake(word, count, ~0u);
}

static long wait(const int *word, int expected, uint64_t deadline, uint32_t bits)
{
	struct futex_waiter w = { .word = word, .bits = bits };

	if (!bits)
		return -EINVAL;
	waiter_init(&w.waiter);
	preempt_disable();
	if (*(const volatile int *)word != expected) {
		preempt_enable();
		return -EAGAIN;
	}
	list_push_back(bucket_of(word), &w.link);
	preempt_enable();

	int ret = waiter_sleep(&w.waiter, deadline, true);

	preempt_disable();
	if (w.word)
		list_del(&w.link);
	else
		ret = 0;
	preempt_enable();
	return ret;
}

static int requeue(const int *word, int wake_count, int move_count, const int *target)
{
	struct list *from = bucket_of(word), *to = bucket_of(target);
	struct futex_waiter *w, *next;
	int moved = 0;

	preempt_disable();
	int woken = wake(word, wake_count, ~0u);

	list_for_each_safe(w, next, from, link) {
		if (moved >= move_count)
			break;
		if (w->word != word)
			continue;
		list_del(&w->link);
		w->word = target;
		list_push_back(to, &w->link);
		moved++;
	}
	preempt_enable();
	return woken + moved;
}

static long wake_op(const int *word, int wake_count, int *word2, int wake_count2, uint32_t operation)
{
	int also = futex_apply(word2, operation);

	if (also < 0)
		return also;
	return wake(word, wake_count, ~0u) + (also ? wake(word2, wake_count2, ~0u) : 0);
}

/* The absolute monotonic deadline for a timeout that is relative (FUTEX_WAIT) or absolute. */
static long deadline_of(int op, const struct timespec *ts, uint64_t *deadline)
{
	*deadline = DEADLINE_NEVER;
	if (!ts)
		return 0;
	if (!time_is_valid(ts))
		return -EINVAL;
	uint64_t ns = time_of_timespec(ts), now = time_monotonic();

	if ((op & 127) == FUTEX_WAIT)
		*deadline = deadline_after(now, ns);
	else
		*deadline = deadline_at(now, op & FUTEX_CLOCK_REALTIME ? time_wall() : now, ns);
	return 0;
}

long sys_futex(int *word, int op, int value, uintptr_t timeout, int *word2, int value3)
{
	uint64_t deadline;
	long ret;

	if ((uintptr_t)word & 3)
		return -EINVAL;
	switch (op & 127) {
	case FUTEX_WAIT:
	case FUTEX_WAIT_BITSET:
		ret = deadline_of(op, (const struct timespec *)timeout, &deadline);
		if (ret)
			return ret;
		ret = wait(word, value, deadline, (op & 127) == FUTEX_WAIT ? ~0u : (uint32_t)value3);
		/* Not begun anew with a timeout: a relative one would be, too. */
		return ret == -EINTR && timeout ? -EINTR_FINAL : ret;
	case FUTEX_WAKE:
		return wake(word, value, ~0u);
	case FUTEX_WAKE_BITSET:
		return wake(word, value, value3);
	case FUTEX_CMP_REQUEUE:
		if (*(const volatile int *)word != value3)
			return -EAGAIN;
		/* fall through */
	case FUTEX_REQUEUE:
		return requeue(word, value, timeout, word2);
	case FUTEX_WAKE_OP:
		return wake_op(word, value, word2, timeout, value3);
	case FUTEX_LOCK_PI:
		op |= FUTEX_CLOCK_REALTIME;
		/* fall through */
	case FUTEX_LOCK_PI2:
		ret = deadline_of(op, (const struct timespec *)timeout, &deadline);
		return ret ? ret : futex_lock_pi(word, deadline);
	case FUTEX_TRYLOCK_PI:
		return futex_trylock_pi(word);
	case FUTEX_UNLOCK_PI:
		return futex_unlock_pi(word);
	default:
		return -ENOSYS;
	}
}
