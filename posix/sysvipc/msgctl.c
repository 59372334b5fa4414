/* SPDX-License-Identifier: BSD-3-Clause */
/* msgget(2), msgctl(2). */
#include <core/call_arg.h>
#include <core/errno.h>
#include <core/string.h>
#include <core/vmem.h>
#include <posix/calls.h>

#include "msg.h"

struct ipc_ids msg_ids = IPC_IDS_INIT(MSGMNI);

struct msg_queue *msg_find(int id)
{
	struct ipc_object *o = ipc_find(&msg_ids, id);

	return o ? container_of(o, struct msg_queue, base) : NULL;
}

static int make(const void *arg __unused, struct ipc_object **out)
{
	struct msg_queue *q = ipc_alloc(sizeof(*q));

	if (!q)
		return -ENOMEM;
	list_init(&q->messages);
	list_init(&q->senders);
	list_init(&q->receivers);
	q->limit = MSGMNB;
	*out = &q->base;
	return 0;
}

static void discard(struct ipc_object *o)
{
	ipc_free(container_of(o, struct msg_queue, base), sizeof(struct msg_queue));
}

static int check(const struct ipc_object *o __unused, const void *arg __unused)
{
	return 0;
}

long sys_msgget(int key, int flags)
{
	static const struct ipc_kind kind = { &msg_ids, make, discard, check };

	return ipc_get(&kind, key, flags, NULL);
}

static void describe(const struct ipc_object *o, void *state)
{
	const struct msg_queue *q = container_of(o, const struct msg_queue, base);
	struct msqid_ds *out = state;

	*out = (struct msqid_ds){
		.perm = q->base.perm,
		.stime = q->stime,
		.rtime = q->rtime,
		.ctime = q->base.ctime,
		.cbytes = q->bytes,
		.qnum = q->count,
		.qbytes = q->limit,
		.lspid = q->lspid,
		.lrpid = q->lrpid,
	};
}

static long get_state(int id, bool by_index, const union call_arg *arg)
{
	return ipc_get_state(&msg_ids, id, by_index, arg->object, sizeof(struct msqid_ds), describe);
}

_Static_assert(sizeof(struct msqid_ds) <= IPC_STATE_MAX, "a state fits");

static long get_info(int cmd, const union call_arg *arg)
{
	struct msginfo info = { MSGMNI * MSGMNB / 1024, MSGMNB, MSGMAX, MSGMNB, MSGMNI, 16, MSGMNB, 0xffff };

	if (!ipc_accessible(arg->object, sizeof(info), VMEM_WRITE))
		return -EFAULT;
	spin_lock(&msg_ids.lock);
	if (cmd == MSG_INFO) {
		info.msgpool = (int)msg_ids.used;
		info.msgmap = (int)msg_count;
		info.msgtql = (int)msg_bytes;
	}
	long ret = ipc_highest(&msg_ids);

	spin_unlock(&msg_ids.lock);
	memcpy(arg->object, &info, sizeof(info));
	return ret;
}

/* Whoever is here may make a queue larger than MSGMNB. */
static long set_state(int id, const union call_arg *arg)
{
	struct msqid_ds state;

	if (!ipc_accessible(arg->object, sizeof(state), VMEM_READ))
		return -EFAULT;
	memcpy(&state, arg->object, sizeof(state));
	spin_lock(&msg_ids.lock);
	struct msg_queue *q = msg_find(id);

	if (q) {
		ipc_set(&q->base, &state.perm);
		q->limit = state.qbytes;
		msg_admit(q);
	}
	spin_unlock(&msg_ids.lock);
	return q ? 0 : -EINVAL;
}

static long remove_queue(int id)
{
	bool more;

	spin_lock(&msg_ids.lock);
	struct msg_queue *q = msg_find(id);

	if (q)
		ipc_remove(&msg_ids, &q->base);
	spin_unlock(&msg_ids.lock);
	if (!q)
		return -EINVAL;
	do {
		spin_lock(&msg_ids.lock);
		more = msg_expel(q);
		spin_unlock(&msg_ids.lock);
	} while (more);
	discard(&q->base);
	return 0;
}

long sys_msgctl(int id, int cmd, unsigned long value)
{
	const union call_arg arg = { .value = value };

	if (id < 0 || cmd < 0)
		return -EINVAL;
	switch (cmd) {
	case IPC_INFO:
	case MSG_INFO:
		return get_info(cmd, &arg);
	case IPC_STAT:
		return get_state(id, false, &arg);
	case MSG_STAT:
	case MSG_STAT_ANY:
		return get_state(id, true, &arg);
	case IPC_SET:
		return set_state(id, &arg);
	case IPC_RMID:
		return remove_queue(id);
	default:
		return -EINVAL;
	}
}
