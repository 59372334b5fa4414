/* SPDX-License-Identifier: BSD-3-Clause */
/* shmctl(2). */
#include <core/call_arg.h>
#include <core/errno.h>
#include <core/string.h>
#include <core/vmem.h>
#include <posix/calls.h>

#include "shm.h"

static void describe(const struct ipc_object *o, void *state)
{
	const struct shm_segment *s = container_of(o, const struct shm_segment, base);
	struct shmid_ds *out = state;

	*out = (struct shmid_ds){
		.perm = s->base.perm,
		.segsz = s->size,
		.atime = s->atime,
		.dtime = s->dtime,
		.ctime = s->base.ctime,
		.cpid = s->cpid,
		.lpid = s->lpid,
		.nattch = s->attached,
	};
}

static long get_state(int id, bool by_index, const union call_arg *arg)
{
	return ipc_get_state(&shm_ids, id, by_index, arg->object, sizeof(struct shmid_ds), describe);
}

_Static_assert(sizeof(struct shmid_ds) <= IPC_STATE_MAX, "a state fits");

static long get_limits(const union call_arg *arg)
{
	const struct shminfo info = { .shmmax = SHMMAX, .shmmin = 1, .shmmni = SHMMNI, .shmseg = SHMMNI, .shmall = SHMALL };

	if (!ipc_accessible(arg->object, sizeof(info), VMEM_WRITE))
		return -EFAULT;
	spin_lock(&shm_ids.lock);
	long ret = ipc_highest(&shm_ids);

	spin_unlock(&shm_ids.lock);
	memcpy(arg->object, &info, sizeof(info));
	return ret;
}

static long get_use(const union call_arg *arg)
{
	struct shm_info info = { 0 };

	if (!ipc_accessible(arg->object, sizeof(info), VMEM_WRITE))
		return -EFAULT;
	spin_lock(&shm_ids.lock);
	const int highest = ipc_highest(&shm_ids);

	info.used_ids = (int)shm_ids.used;
	for (int i = 0; i <= highest; i++) {
		const struct ipc_object *o = ipc_at(&shm_ids, i);
		const struct shm_segment *s = o ? container_of(o, const struct shm_segment, base) : NULL;

		info.shm_tot += s ? shm_pages(s) : 0;
		info.shm_rss += s ? shm_resident(s) : 0;
	}
	spin_unlock(&shm_ids.lock);
	memcpy(arg->object, &info, sizeof(info));
	return highest;
}

/* Pages stay in memory anyway. */
static long set_locked(int id, bool locked)
{
	spin_lock(&shm_ids.lock);
	struct shm_segment *s = shm_find(id);

	if (s)
		s->base.perm.mode = (s->base.perm.mode & ~SHM_LOCKED) | (locked ? SHM_LOCKED : 0);
	spin_unlock(&shm_ids.lock);
	return s ? 0 : -EINVAL;
}

/* It loses its key, and goes with its last user, which the caller is one of. */
static long remove_segment(int id)
{
	spin_lock(&shm_ids.lock);
	struct shm_segment *s = shm_find(id);

	if (s) {
		ipc_forget_key(&shm_ids, &s->base);
		s->base.perm.mode |= SHM_DEST;
		s->attached++;
	}
	spin_unlock(&shm_ids.lock);
	if (!s)
		return -EINVAL;
	shm_put(s, false);
	return 0;
}

long sys_shmctl(int id, int cmd, unsigned long value)
{
	const union call_arg arg = { .value = value };

	if (id < 0 || cmd < 0)
		return -EINVAL;
	switch (cmd) {
	case IPC_INFO:
		return get_limits(&arg);
	case SHM_INFO:
		return get_use(&arg);
	case IPC_STAT:
		return get_state(id, false, &arg);
	case SHM_STAT:
	case SHM_STAT_ANY:
		return get_state(id, true, &arg);
	case IPC_SET:
		return ipc_set_owner(&shm_ids, id, arg.object, sizeof(struct shmid_ds));
	case SHM_LOCK:
	case SHM_UNLOCK:
		return set_locked(id, cmd == SHM_LOCK);
	case IPC_RMID:
		return remove_segment(id);
	default:
		return -EINVAL;
	}
}
