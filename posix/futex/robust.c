/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Robust futexes (get_robust_list(2)): a list in the memory of a thread, of the locks that it holds. When the thread ends the kernel marks
 * them. The program's pointers are looked at before they are followed, with preemption off until they were: nobody unmaps them meanwhile.
 */
#include <abi/futex.h>
#include <core/errno.h>
#include <core/thread.h>
#include <core/vmem.h>
#include <posix/futex.h>

#include "internal.h"

/* Entries of a list: as many as Linux looks at. */
#define LIST_MAX 2048

#define PI_BIT 1ul /* in pointers to entries: the lock is one of FUTEX_LOCK_PI's */

/* Is there memory behind the @size bytes at @at, of less than a page, now? */
static bool usable(const void *at, size_t size, bool write)
{
	const char *first = at, *last = first + size - 1;
	paddr_t pa;

	return last >= first && !vmem_translate(first, write, &pa) && !vmem_translate(last, write, &pa);
}

/*
 * The word of the lock of the entry at @entry, if the running thread owns that: its owner died. @pending: the thread was about to take it, or
 * let it go.
 */
static int mark(unsigned long entry, long offset, bool pending)
{
	unsigned long at = (entry & ~PI_BIT) + (unsigned long)offset;
	bool pi = entry & PI_BIT;
	unsigned value, next;
	int *word = (int *)at;

	if (at & 3 || !usable(word, sizeof(*word), true))
		return -EFAULT;
	value = (unsigned)READ_ONCE(*word);
	if (pending && !pi && !value) {
		futex_wake_locked(word, 1, ~0u); /* let go, but maybe nobody was told */
		return 0;
	}
	if ((value & FUTEX_TID_MASK) != (unsigned)thread_id(thread_self()))
		return 0;
	next = (value & FUTEX_WAITERS) | FUTEX_OWNER_DIED;
	WRITE_ONCE(*word, (int)next);
	if (!pi && value & FUTEX_WAITERS)
		futex_wake_locked(word, 1, ~0u);
	return 0;
}

static bool read_head(const struct robust_list_head *from, struct robust_list_head *to)
{
	bool ok = usable(from, sizeof(*from), false);

	if (ok)
		*to = *from;
	return ok;
}

/* The address in the entry at @entry. */
static bool read_next(unsigned long entry, unsigned long *next)
{
	const unsigned long *at = (const unsigned long *)(entry & ~PI_BIT);
	bool ok = usable(at, sizeof(*at), false);

	if (ok)
		*next = *at;
	return ok;
}

static void walk(const struct robust_list_head *head)
{
	struct robust_list_head h;
	bool ok;

	spin_lock(&futex_lock);
	ok = read_head(head, &h);
	spin_unlock(&futex_lock);
	if (!ok)
		return;
	unsigned long at = h.next, pending = h.list_op_pending, end = (unsigned long)head;

	for (int i = 0; ok && i < LIST_MAX && (at & ~PI_BIT) != end; i++) {
		unsigned long next = 0;

		spin_lock(&futex_lock); /* anew for each: others run between them */
		ok = read_next(at, &next); /* before the lock is another thread's */
		if ((at & ~PI_BIT) != (pending & ~PI_BIT))
			ok = !mark(at, h.futex_offset, false) && ok;
		spin_unlock(&futex_lock);
		at = next;
	}
	if (!(pending & ~PI_BIT))
		return;
	spin_lock(&futex_lock);
	mark(pending, h.futex_offset, true);
	spin_unlock(&futex_lock);
}

void futex_thread_end(const struct robust_list_head *head)
{
	if (head)
		walk(head);
	futex_hand_over_all();
}
