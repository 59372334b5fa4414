/* SPDX-License-Identifier: BSD-3-Clause */
#include "internal.h"

#include <core/errno.h>

static int find_willing(struct thread *t, void *arg)
{
	const struct signal_thread *st = signal_thread_of(t);
	const uint64_t *bit = arg;

	if (!st || st->blocked & *bit)
		return 0;
	signal_recalculate(t);
	return 1;
}

/* A signal of the process is for its first thread if that one takes it, as on Linux. */
static int offer_first(uint64_t *bit)
{
	struct thread *first = thread_find(1);

	return first && find_willing(first, bit);
}

static bool blocked_by(struct thread *t, int sig)
{
	struct signal_thread *st = signal_thread_of(t);

	return st && st->blocked & SIG_BIT(sig);
}

/* What is sent, and how: either with its own memory or without. */
struct sending {
	const struct signal_info *info;
	struct signal_slot *slot;
	uint64_t times;
};

/* Under signal_lock. Returns whether there is news, or -EAGAIN. */
static int enqueue(struct signal_queue *q, const struct sending *s)
{
	int ret;

	if (!s->slot) {
		ret = queue_add(q, s->info);
		return ret ? ret : 1;
	}
	if (s->slot->queue) {
		s->slot->overrun += s->times;
		return 0;
	}
	s->slot->overrun = s->times - 1;
	queue_add_slot(q, s->slot);
	return 1;
}

/* Under threads_lock. To the process without @t. Returns whether somebody may wait for it, or -EAGAIN. */
static int send_locked(struct thread *t, const struct sending *s)
{
	struct signal_thread *st = t ? signal_thread_of(t) : NULL;
	uint64_t bit = SIG_BIT(s->info->signo);
	int ret = 0;

	spin_lock(&signal_lock);
	/* An ignored signal stays pending only while blocked: somebody may wait for it by signalfd. */
	if (!signal_is_ignored(s->info->signo) || blocked_by(t ? t : thread_self(), s->info->signo))
		ret = enqueue(st ? &st->queue : &process_queue, s);
	if (ret > 0) {
		if (st)
			signal_recalculate(t);
		else if (!offer_first(&bit))
			thread_for_each(find_willing, &bit)
				;
	}
	spin_unlock(&signal_lock);
	return ret;
}

static int finish(int ret)
{
	spin_unlock(&threads_lock);
	if (ret > 0)
		waitq_wake(&signal_waitq, ~0u);
	return MIN(ret, 0);
}

static int send_id(long tid, const struct sending *s)
{
	spin_lock(&threads_lock);
	struct thread *t = tid ? thread_find(tid) : NULL;

	return finish(tid && !t ? -ESRCH : send_locked(t, s));
}

int signal_send_info(struct thread *t, const struct signal_info *info)
{
	spin_lock(&threads_lock);
	return finish(send_locked(t, &(struct sending){ .info = info }));
}

int signal_send_id(long tid, const struct signal_info *info)
{
	return send_id(tid, &(struct sending){ .info = info });
}

int signal_send_slot(long tid, struct signal_slot *slot, uint64_t times)
{
	return send_id(tid, &(struct sending){ .info = &slot->info, .slot = slot, .times = times });
}

void signal_send_thread(struct thread *t, int sig)
{
	signal_send_info(t, &(struct signal_info){ .signo = sig, .code = SI_TKILL, .pid = 1 });
}

void signal_send_process(int sig)
{
	signal_send_info(NULL, &(struct signal_info){ .signo = sig, .code = SI_USER, .pid = 1 });
}
