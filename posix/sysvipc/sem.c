/* SPDX-License-Identifier: BSD-3-Clause */
/* semget(2): sets of semaphores. */
#include "sem.h"

#include <core/errno.h>
#include <posix/calls.h>

struct ipc_ids sem_ids = IPC_IDS_INIT(SEMMNI);
unsigned sem_total;

struct sem_set *sem_find(int id)
{
	struct ipc_object *o = ipc_find(&sem_ids, id);

	return o ? container_of(o, struct sem_set, base) : NULL;
}

size_t sem_set_size(unsigned count)
{
	return sizeof(struct sem_set) + count * sizeof(struct sem);
}

static int make(const void *arg, struct ipc_object **out)
{
	const int *count = arg;
	struct sem_set *set;

	if (!*count)
		return -EINVAL;
	set = ipc_alloc(sem_set_size((unsigned)*count));
	if (!set)
		return -ENOMEM;
	set->count = (unsigned)*count;
	list_init(&set->others);
	list_init(&set->undos);
	for (unsigned i = 0; i < set->count; i++) {
		list_init(&set->sems[i].takers);
		list_init(&set->sems[i].watchers);
	}
	__atomic_add_fetch(&sem_total, set->count, __ATOMIC_RELAXED);
	*out = &set->base;
	return 0;
}

static void discard(struct ipc_object *o)
{
	struct sem_set *set = container_of(o, struct sem_set, base);

	__atomic_sub_fetch(&sem_total, set->count, __ATOMIC_RELAXED);
	ipc_free(set, sem_set_size(set->count));
}

static int check(const struct ipc_object *o, const void *arg)
{
	const struct sem_set *set = container_of(o, const struct sem_set, base);
	const int *count = arg;

	return (unsigned)*count > set->count ? -EINVAL : 0;
}

long sys_semget(int key, int count, int flags)
{
	static const struct ipc_kind kind = { &sem_ids, make, discard, check };

	if (count < 0 || count > SEMMSL)
		return -EINVAL;
	return ipc_get(&kind, key, flags, &count);
}
