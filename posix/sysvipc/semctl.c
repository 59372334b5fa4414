/* SPDX-License-Identifier: BSD-3-Clause */
/* semctl(2). */
#include <core/call_arg.h>
#include <core/errno.h>
#include <core/process.h>
#include <core/string.h>
#include <core/vmem.h>
#include <posix/calls.h>

#include "sem.h"

static void describe(const struct ipc_object *o, void *state)
{
	const struct sem_set *set = container_of(o, const struct sem_set, base);
	struct semid_ds *out = state;

	*out = (struct semid_ds){
		.perm = set->base.perm,
		.otime = set->otime,
		.ctime = set->base.ctime,
		.nsems = set->count,
	};
}

static long get_state(int id, bool by_index, const union call_arg *arg)
{
	return ipc_get_state(&sem_ids, id, by_index, arg->object, sizeof(struct semid_ds), describe);
}

_Static_assert(sizeof(struct semid_ds) <= IPC_STATE_MAX, "a state fits");

static long get_info(int cmd, const union call_arg *arg)
{
	struct seminfo info = { SEMMNS, SEMMNI, SEMMNS, SEMMNS, SEMMSL, SEMOPM, SEMOPM, SEMUSZ, SEMVMX, SEMAEM };

	if (!ipc_accessible(arg->object, sizeof(info), VMEM_WRITE))
		return -EFAULT;
	spin_lock(&sem_ids.lock);
	if (cmd == SEM_INFO) {
		info.semusz = (int)sem_ids.used;
		info.semaem = (int)sem_total;
	}
	long ret = ipc_highest(&sem_ids);

	spin_unlock(&sem_ids.lock);
	memcpy(arg->object, &info, sizeof(info));
	return ret;
}

static long remove_set(int id)
{
	spin_lock(&sem_ids.lock);
	struct sem_set *set = sem_find(id);

	if (set) {
		sem_expel(set, -EIDRM);
		sem_drop_undos(set);
		ipc_remove(&sem_ids, &set->base);
		__atomic_sub_fetch(&sem_total, set->count, __ATOMIC_RELAXED);
	}
	spin_unlock(&sem_ids.lock);
	if (!set)
		return -EINVAL;
	ipc_free(set, sem_set_size(set->count));
	return 0;
}

static long get_one(const struct sem_set *set, unsigned number, int cmd)
{
	switch (cmd) {
	case GETVAL:
		return set->sems[number].value;
	case GETPID:
		return set->sems[number].pid;
	default:
		return sem_count_waiters(set, number, cmd == GETZCNT);
	}
}

static long set_one(struct sem_set *set, unsigned number, int value)
{
	const struct sembuf op = { .num = (uint16_t)number };

	set->sems[number].value = value;
	set->sems[number].pid = process_id();
	set->base.ctime = ipc_now();
	sem_forget_undo(set, number);
	sem_settle(set, &(struct sem_ops){ .list = &op, .count = 1 });
	return 0;
}

/* What concerns one semaphore. */
static long one(int id, int number, int cmd, int value)
{
	long ret = -EINVAL;

	if (cmd == SETVAL && (value < 0 || value > SEMVMX))
		return -ERANGE;
	spin_lock(&sem_ids.lock);
	struct sem_set *set = sem_find(id);

	if (set && number >= 0 && (unsigned)number < set->count)
		ret = cmd == SETVAL ? set_one(set, (unsigned)number, value) : get_one(set, (unsigned)number, cmd);
	spin_unlock(&sem_ids.lock);
	return ret;
}

static void get_values(const struct sem_set *set, uint16_t *values)
{
	for (unsigned i = 0; i < set->count; i++)
		values[i] = (uint16_t)set->sems[i].value;
}

static void set_values(struct sem_set *set, const uint16_t *values)
{
	for (unsigned i = 0; i < set->count; i++) {
		set->sems[i].value = values[i];
		set->sems[i].pid = process_id();
	}
	set->base.ctime = ipc_now();
	sem_forget_undos(set);
	sem_settle(set, NULL);
}

/* @values are in the kernel: the set may go meanwhile, and another one cannot have its identifier. */
static long copy_values(int id, int cmd, uint16_t *values)
{
	spin_lock(&sem_ids.lock);
	struct sem_set *set = sem_find(id);

	if (set && cmd == GETALL)
		get_values(set, values);
	else if (set)
		set_values(set, values);
	spin_unlock(&sem_ids.lock);
	return set ? 0 : -EIDRM;
}

static long read_values(const union call_arg *arg, uint16_t *values, unsigned count)
{
	memcpy(values, arg->object, count * sizeof(*values));
	for (unsigned i = 0; i < count; i++)
		if (values[i] > SEMVMX)
			return -ERANGE;
	return 0;
}

/* GETALL, SETALL. */
static long all(int id, int cmd, const union call_arg *arg)
{
	spin_lock(&sem_ids.lock);
	const struct sem_set *set = sem_find(id);
	const unsigned count = set ? set->count : 0;

	spin_unlock(&sem_ids.lock);
	if (!count)
		return -EINVAL;
	const size_t size = count * sizeof(uint16_t);

	if (!ipc_accessible(arg->object, size, cmd == GETALL ? VMEM_WRITE : VMEM_READ))
		return -EFAULT;
	uint16_t *values = ipc_alloc(size);

	if (!values)
		return -ENOMEM;
	long ret = cmd == SETALL ? read_values(arg, values, count) : 0;

	if (!ret)
		ret = copy_values(id, cmd, values);
	if (!ret && cmd == GETALL)
		memcpy(arg->object, values, size);
	ipc_free(values, size);
	return ret;
}

long sys_semctl(int id, int number, int cmd, unsigned long value)
{
	const union call_arg arg = { .value = value };

	if (id < 0)
		return -EINVAL;
	switch (cmd) {
	case IPC_INFO:
	case SEM_INFO:
		return get_info(cmd, &arg);
	case IPC_STAT:
		return get_state(id, false, &arg);
	case SEM_STAT:
	case SEM_STAT_ANY:
		return get_state(id, true, &arg);
	case GETALL:
	case SETALL:
		return all(id, cmd, &arg);
	case GETVAL:
	case GETPID:
	case GETNCNT:
	case GETZCNT:
	case SETVAL:
		return one(id, number, cmd, (int)value);
	case IPC_SET:
		return ipc_set_owner(&sem_ids, id, arg.object, sizeof(struct semid_ds));
	case IPC_RMID:
		return remove_set(id);
	default:
		return -EINVAL;
	}
}
