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

/* Under threads_lock. @news is set if somebody may wait for it. */
static int send_locked(struct thread *t, const struct signal_info *info, bool *news)
{
	struct signal_thread *st = t ? signal_thread_of(t) : NULL;
	uint64_t bit = SIG_BIT(info->signo);
	int ret = 0;

	spin_lock(&signal_lock);
	/* An ignored signal stays pending only while blocked: somebody may wait for it by signalfd. */
	if (signal_is_ignored(info->signo) && !blocked_by(t ? t : thread_self(), info->signo))
		goto out;
	ret = queue_add(st ? &st->queue : &process_queue, info);
	if (ret)
		goto out;
	*news = true;
	if (st)
		signal_recalculate(t);
	else if (!offer_first(&bit))
		thread_for_each(find_willing, &bit)
			;
out:
	spin_unlock(&signal_lock);
	return ret;
}

int signal_send_info(struct thread *t, const struct signal_info *info)
{
	bool news = false;

	spin_lock(&threads_lock);
	int ret = send_locked(t, info, &news);

	spin_unlock(&threads_lock);
	if (news)
		waitq_wake(&signal_waitq, ~0u);
	return ret;
}

int signal_send_id(long tid, const struct signal_info *info)
{
	bool news = false;

	spin_lock(&threads_lock);
	struct thread *t = tid ? thread_find(tid) : NULL;
	int ret = tid && !t ? -ESRCH : send_locked(t, info, &news);

	spin_unlock(&threads_lock);
	if (news)
		waitq_wake(&signal_waitq, ~0u);
	return ret;
}

bool signal_is_pending(long tid, int sig)
{
	spin_lock(&threads_lock);
	struct thread *t = tid ? thread_find(tid) : NULL;
	const struct signal_thread *st = t ? signal_thread_of(t) : NULL;
	bool pending = (tid ? st && st->queue.pending & SIG_BIT(sig) : process_queue.pending & SIG_BIT(sig)) != 0;

	spin_unlock(&threads_lock);
	return pending;
}

void signal_send_thread(struct thread *t, int sig)
{
	signal_send_info(t, &(struct signal_info){ .signo = sig, .code = SI_TKILL, .pid = 1 });
}

void signal_send_process(int sig)
{
	signal_send_info(NULL, &(struct signal_info){ .signo = sig, .code = SI_USER, .pid = 1 });
}
