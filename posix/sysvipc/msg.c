/* SPDX-License-Identifier: BSD-3-Clause */
/* msgsnd(2), msgrcv(2). A message goes from a sender to a receiver that waits for it without having been in the queue. */
#include "msg.h"

#include <core/alloc.h>
#include <core/errno.h>
#include <core/process.h>
#include <core/string.h>
#include <core/vmem.h>
#include <posix/calls.h>

#define BATCH 64 /* messages that are dropped at once */

unsigned long msg_count, msg_bytes;

/* What a call of msgrcv(2) takes. */
struct wanted {
	long type; /* the argument */
	size_t room;
	int flags;
};

/* A thread that waits to send @message, or for one. */
struct msg_waiter {
	struct list link;
	struct msg *message; /* a receiver's: NULL until it was handed one */
	struct wanted wanted;
	int pid;
	int result; /* once it is done, and in no list */
	bool done;
	struct waiter waiter;
};

static void finish(struct msg_waiter *w, int result)
{
	list_del(&w->link);
	w->result = result;
	w->done = true;
	w->waiter.entry.wake(&w->waiter.entry, ~0u);
}

/* Until @w, which is in a list, is done: its result. Or -EINTR. Without the lock. */
static int sleep_in_list(struct msg_waiter *w)
{
	int ret = waiter_sleep(&w->waiter, 0, true);

	spin_lock(&msg_ids.lock);
	if (w->done)
		ret = w->result;
	else
		list_del(&w->link);
	spin_unlock(&msg_ids.lock);
	return ret;
}

static void message_free(struct msg *m)
{
	if (m)
		ipc_free(m, sizeof(*m) + m->size);
}

/* The greatest type that @w takes if it asks for the lowest. */
static long highest_type(const struct wanted *w)
{
	return w->type == INT64_MIN ? INT64_MAX : -w->type;
}

static bool suits(const struct msg *m, const struct wanted *w)
{
	if (!w->type)
		return true;
	if (w->type < 0)
		return m->type <= highest_type(w);
	return (m->type == w->type) == !(w->flags & MSG_EXCEPT);
}

static bool is_too_long(const struct msg *m, const struct wanted *w)
{
	return m->size > w->room && !(w->flags & MSG_NOERROR);
}

static void note_received(struct msg_queue *q, int pid)
{
	q->lrpid = pid;
	q->rtime = ipc_now();
}

/* @m is somebody's: a receiver's that waits for it, else the queue's. */
static void put(struct msg_queue *q, struct msg *m, int pid)
{
	struct msg_waiter *r, *next;

	q->lspid = pid;
	q->stime = ipc_now();
	list_for_each_safe(r, next, &q->receivers, link) {
		if (!suits(m, &r->wanted))
			continue;
		const bool too_long = is_too_long(m, &r->wanted);

		if (!too_long) {
			r->message = m;
			note_received(q, r->pid);
		}
		finish(r, too_long ? -E2BIG : 0);
		if (!too_long)
			return;
	}
	list_push_back(&q->messages, &m->link);
	q->count++;
	q->bytes += m->size;
	msg_count++;
	msg_bytes += m->size;
}

static void extract(struct msg_queue *q, struct msg *m)
{
	list_del(&m->link);
	q->count--;
	q->bytes -= m->size;
	msg_count--;
	msg_bytes -= m->size;
}

static bool fits(const struct msg_queue *q, const struct msg *m)
{
	return q->bytes + m->size <= q->limit && q->count + 1 <= q->limit;
}

void msg_admit(struct msg_queue *q)
{
	struct msg_waiter *s, *next;

	list_for_each_safe(s, next, &q->senders, link) {
		if (!fits(q, s->message))
			continue;
		put(q, s->message, s->pid);
		finish(s, 0);
	}
}

bool msg_expel(struct msg_queue *q)
{
	while (!list_empty(&q->senders))
		finish(list_first(&q->senders, struct msg_waiter, link), -EIDRM);
	while (!list_empty(&q->receivers))
		finish(list_first(&q->receivers, struct msg_waiter, link), -EIDRM);
	for (int i = 0; i < BATCH; i++) {
		if (list_empty(&q->messages))
			return false;
		struct msg *m = list_first(&q->messages, struct msg, link);

		extract(q, m);
		message_free(m);
	}
	return true;
}

/* The call's message in the kernel. */
static int make_message(const struct msg_head *in, size_t size, struct msg **out)
{
	struct msg *m;

	if (!ipc_accessible(in, sizeof(*in) + size, VMEM_READ))
		return -EFAULT;
	if (in->type < 1)
		return -EINVAL;
	m = ipc_alloc(sizeof(*m) + size);
	if (!m)
		return -ENOMEM;
	m->size = size;
	m->type = in->type;
	memcpy(m->text, in->text, size);
	*out = m;
	return 0;
}

static long send(int id, struct msg_waiter *self, bool wait)
{
	spin_lock(&msg_ids.lock);
	struct msg_queue *q = msg_find(id);
	const bool now = q && fits(q, self->message);

	if (now) {
		put(q, self->message, self->pid);
	} else if (q && wait) {
		waiter_init(&self->waiter);
		list_push_back(&q->senders, &self->link);
	}
	spin_unlock(&msg_ids.lock);
	if (!q)
		return -EINVAL;
	if (now)
		return 0;
	return wait ? sleep_in_list(self) : -EAGAIN;
}

long sys_msgsnd(int id, const void *message, size_t size, int flags)
{
	struct msg_waiter self = { .pid = process_id() };

	if (id < 0 || size > MSGMAX)
		return -EINVAL;
	long ret = make_message(message, size, &self.message);

	if (ret)
		return ret;
	ret = send(id, &self, !(flags & IPC_NOWAIT));
	if (ret)
		message_free(self.message);
	return ret;
}

/* Of those that suit the oldest; of the lowest type, if that is what is asked for. */
static struct msg *choose(const struct msg_queue *q, const struct wanted *w)
{
	struct msg *m, *best = NULL;

	list_for_each(m, &q->messages, link) {
		if (!suits(m, w) || (best && m->type >= best->type))
			continue;
		best = m;
		if (w->type >= 0 || m->type == 1)
			break;
	}
	return best;
}

/* With the lock. The message, if it is there, in @self; or -ENOMSG, and @self waits if that is asked for. */
static int take(struct msg_queue *q, struct msg_waiter *self)
{
	struct msg *m = choose(q, &self->wanted);

	if (m && is_too_long(m, &self->wanted))
		return -E2BIG;
	if (m) {
		extract(q, m);
		note_received(q, self->pid);
		self->message = m;
		msg_admit(q);
		return 0;
	}
	if (!(self->wanted.flags & IPC_NOWAIT)) {
		waiter_init(&self->waiter);
		list_push_back(&q->receivers, &self->link);
	}
	return -ENOMSG;
}

static long receive(int id, struct msg_waiter *self)
{
	spin_lock(&msg_ids.lock);
	struct msg_queue *q = msg_find(id);
	int ret = q ? take(q, self) : -EINVAL;

	spin_unlock(&msg_ids.lock);
	if (ret == -ENOMSG && !(self->wanted.flags & IPC_NOWAIT))
		ret = sleep_in_list(self);
	return ret;
}

/* MSG_COPY: the message at the place that the type says stays where it is. */
static int copy_at(struct msg_queue *q, const struct wanted *w, struct msg **out)
{
	struct msg *m, *copy;
	long n = 0;

	list_for_each(m, &q->messages, link) {
		if (n++ != w->type)
			continue;
		if (is_too_long(m, w))
			return -E2BIG;
		copy = ipc_alloc(sizeof(*m) + m->size);
		if (!copy)
			return -ENOMEM;
		memcpy(copy, m, sizeof(*m) + m->size);
		*out = copy;
		return 0;
	}
	return -ENOMSG;
}

static long peek(int id, struct msg_waiter *self)
{
	if ((self->wanted.flags & MSG_EXCEPT) || !(self->wanted.flags & IPC_NOWAIT))
		return -EINVAL;
	spin_lock(&msg_ids.lock);
	struct msg_queue *q = msg_find(id);
	int ret = q ? copy_at(q, &self->wanted, &self->message) : -EINVAL;

	spin_unlock(&msg_ids.lock);
	return ret;
}

/* What is not used of the program's buffer need not be there; and as on Linux a message is lost whose buffer is too short. */
static long hand_out(struct msg_head *out, const struct msg *m, size_t size)
{
	if (!ipc_accessible(out, sizeof(*out) + size, VMEM_WRITE))
		return -EFAULT;
	out->type = m->type;
	memcpy(out->text, m->text, size);
	return (ssize_t)size;
}

long sys_msgrcv(int id, void *out, size_t size, long type, int flags)
{
	struct msg_waiter self = { .wanted = { type, size, flags }, .pid = process_id() };

	if (id < 0 || (ssize_t)size < 0)
		return -EINVAL;
	if (!ipc_accessible(out, sizeof(long), VMEM_WRITE))
		return -EFAULT;
	long ret = flags & MSG_COPY ? peek(id, &self) : receive(id, &self);

	if (ret)
		return ret;
	ret = hand_out(out, self.message, MIN(size, self.message->size));
	message_free(self.message);
	return ret;
}
