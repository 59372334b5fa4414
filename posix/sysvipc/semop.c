/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * semop(2), semtimedop(2). Who cannot go on waits with his operations, and whoever makes that possible does them for him: a value is nobody's
 * in between.
 */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/process.h>
#include <core/string.h>
#include <core/time.h>
#include <core/vmem.h>
#include <posix/calls.h>

#include "sem.h"

#define FEW 8u /* operations that are kept on the stack */
#define BLOCKED 1

/* Take the first @n operations back. */
static void roll_back(struct sem_set *set, const struct sem_ops *ops, unsigned n)
{
	while (n--) {
		const struct sembuf *op = &ops->list[n];

		set->sems[op->num].value -= op->op;
		if (op->flags & SEM_UNDO)
			ops->undo->adjust[op->num] = (int16_t)(ops->undo->adjust[op->num] + op->op);
	}
}

static int try_one(struct sem_set *set, const struct sem_ops *ops, const struct sembuf *op)
{
	struct sem *s = &set->sems[op->num];
	const int value = s->value + op->op;

	if (value < 0 || (!op->op && value))
		return op->flags & IPC_NOWAIT ? -EAGAIN : BLOCKED;
	if (value > SEMVMX)
		return -ERANGE;
	if (op->flags & SEM_UNDO) {
		const int adjust = ops->undo->adjust[op->num] - op->op;

		if (adjust < -SEMAEM - 1 || adjust > SEMAEM)
			return -ERANGE;
		ops->undo->adjust[op->num] = (int16_t)adjust;
	}
	s->value = value;
	return 0;
}

/* Returns 0, BLOCKED, or -Exxx with nothing done. */
static int try_all(struct sem_set *set, struct sem_ops *ops)
{
	for (unsigned i = 0; i < ops->count; i++) {
		int ret = try_one(set, ops, &ops->list[i]);

		if (ret) {
			roll_back(set, ops, i);
			ops->blocked = i;
			return ret;
		}
	}
	for (unsigned i = 0; i < ops->count; i++)
		set->sems[ops->list[i].num].pid = ops->pid;
	set->otime = ipc_now();
	return 0;
}

static void finish(struct sem_waiter *w, int result)
{
	list_del(&w->link);
	w->result = result;
	w->done = true;
	w->waiter.entry.wake(&w->waiter.entry, ~0u);
}

static void settle_list(struct sem_set *set, struct list *list)
{
	struct sem_waiter *w, *next;

	list_for_each_safe(w, next, list, link) {
		int ret = try_all(set, &w->ops);

		if (ret != BLOCKED)
			finish(w, ret);
	}
}

static void settle_one(struct sem_set *set, unsigned number)
{
	struct sem *s = &set->sems[number];

	if (s->value)
		settle_list(set, &s->takers);
	if (!s->value)
		settle_list(set, &s->watchers);
}

static void settle_simple(struct sem_set *set, const struct sem_ops *ops)
{
	for (unsigned i = 0; i < (ops ? ops->count : set->count); i++)
		settle_one(set, ops ? ops->list[i].num : i);
}

/* The first of those with several operations who can go on does. His operations, or NULL: there is nobody. */
static const struct sem_ops *settle_other(struct sem_set *set)
{
	struct sem_waiter *w, *next;

	list_for_each_safe(w, next, &set->others, link) {
		int ret = try_all(set, &w->ops);

		if (ret == BLOCKED)
			continue;
		finish(w, ret);
		if (!ret)
			return &w->ops; /* his as long as he does not run, which the lock keeps him from */
	}
	return NULL;
}

void sem_settle(struct sem_set *set, const struct sem_ops *ops)
{
	do {
		settle_simple(set, ops);
		ops = settle_other(set);
	} while (ops);
}

static void expel(struct list *list, int result)
{
	while (!list_empty(list))
		finish(list_first(list, struct sem_waiter, link), result);
}

void sem_expel(struct sem_set *set, int result)
{
	for (unsigned i = 0; i < set->count; i++) {
		expel(&set->sems[i].takers, result);
		expel(&set->sems[i].watchers, result);
	}
	expel(&set->others, result);
}

int sem_count_waiters(const struct sem_set *set, unsigned number, bool zero)
{
	const struct sem *s = &set->sems[number];
	const struct list *list = zero ? &s->watchers : &s->takers;
	const struct sem_waiter *w;
	int n = 0;

	list_for_each(w, list, link)
		n++;
	list_for_each(w, &set->others, link) {
		const struct sembuf *op = &w->ops.list[w->ops.blocked];

		n += op->num == number && !op->op == zero;
	}
	return n;
}

static void enqueue(struct sem_set *set, struct sem_waiter *w)
{
	struct sem *s = &set->sems[w->ops.list[0].num];

	waiter_init(&w->waiter);
	if (w->ops.count > 1)
		list_push_back(&set->others, &w->link);
	else
		list_push_back(w->ops.list[0].op ? &s->takers : &s->watchers, &w->link);
}

static int find_undo(struct sem_set *set, struct sem_ops *ops)
{
	unsigned last = 0, flags = 0;

	for (unsigned i = 0; i < ops->count; i++) {
		last = MAX(last, ops->list[i].num);
		flags |= (unsigned)ops->list[i].flags;
	}
	if (last >= set->count)
		return -EFBIG;
	if (flags & SEM_UNDO) {
		ops->undo = sem_undo_of(set);
		return ops->undo ? 0 : -ENOMEM;
	}
	return 0;
}

/* With the lock. As try_all(), and @w waits if that says BLOCKED. */
static int begin(int id, struct sem_waiter *w)
{
	struct sem_set *set = sem_find(id);

	if (!set)
		return -EINVAL;
	int ret = find_undo(set, &w->ops);

	if (!ret)
		ret = try_all(set, &w->ops);
	if (!ret)
		sem_settle(set, &w->ops);
	if (ret == BLOCKED)
		enqueue(set, w);
	return ret;
}

static int operate(int id, struct sem_waiter *w, uint64_t deadline)
{
	spin_lock(&sem_ids.lock);
	int ret = begin(id, w);

	spin_unlock(&sem_ids.lock);
	if (ret != BLOCKED)
		return ret;
	ret = waiter_sleep(&w->waiter, deadline, true);
	spin_lock(&sem_ids.lock);
	if (w->done)
		ret = w->result;
	else
		list_del(&w->link);
	spin_unlock(&sem_ids.lock);
	return ret == -ETIMEDOUT ? -EAGAIN : ret;
}

static int deadline_of(const struct timespec *timeout, uint64_t *deadline)
{
	*deadline = DEADLINE_NEVER;
	if (!timeout)
		return 0;
	if (!ipc_accessible(timeout, sizeof(*timeout), VMEM_READ))
		return -EFAULT;
	struct timespec copy = *timeout;

	if (!time_is_valid(&copy))
		return -EINVAL;
	*deadline = deadline_after(time_monotonic(), time_of_timespec(&copy));
	return 0;
}

long sys_semtimedop(int id, const struct sembuf *ops, size_t count, const struct timespec *timeout)
{
	struct sembuf few[FEW], *copy = few;
	const size_t size = count * sizeof(*ops);
	uint64_t deadline;

	if (id < 0 || !count)
		return -EINVAL;
	if (count > SEMOPM)
		return -E2BIG;
	if (!ipc_accessible(ops, size, VMEM_READ))
		return -EFAULT;
	long ret = deadline_of(timeout, &deadline);

	if (ret)
		return ret;
	if (count > FEW)
		copy = ipc_alloc(size);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, ops, size);
	struct sem_waiter w = { .ops = { .list = copy, .count = (unsigned)count, .pid = process_id() } };

	ret = operate(id, &w, deadline);
	if (copy != few)
		ipc_free(copy, size);
	return ret;
}

long sys_semop(int id, const struct sembuf *ops, size_t count)
{
	return sys_semtimedop(id, ops, count, NULL);
}
