/* SPDX-License-Identifier: BSD-3-Clause */
#include "internal.h"

#include <core/errno.h>

/* A thread of the process that takes the signal. */
struct wanted {
	uint64_t bit;
#ifdef CONFIG_CORE_PROCESSES
	uintptr_t process;
#endif
};

#ifdef CONFIG_CORE_PROCESSES
#define PROCESS_OF(w) ((w)->process)
#define FIRST_THREAD(w) (process_local_of((w)->process, process_here).pid)
#else
#define PROCESS_OF(w) 0
#define FIRST_THREAD(w) 1
#endif

static bool is_of(const struct thread *t, const struct wanted *w __unused)
{
	return !PROCESSES || process_of(t) == PROCESS_OF(w);
}

static int find_willing(struct thread *t, void *arg)
{
	const struct signal_thread *st = signal_thread_of(t);
	const struct wanted *w = arg;

	if (!st || st->blocked & w->bit || !is_of(t, w))
		return 0;
	signal_recalculate(t);
	return 1;
}

/* A signal of the process is for its first thread if that one takes it, as on Linux. */
static int offer_first(struct wanted *w)
{
	struct thread *first = thread_find(FIRST_THREAD(w));

	return first && find_willing(first, w);
}

/* Whose mask says whether the process wants what it ignores. */
static struct thread *thread_for(const struct wanted *w)
{
	return is_of(thread_self(), w) ? thread_self() : thread_find(FIRST_THREAD(w));
}

static bool blocked_by(struct thread *t, int sig)
{
	struct signal_thread *st = PROCESSES && !t ? NULL : signal_thread_of(t);

	return st && st->blocked & SIG_BIT(sig);
}

/* What is sent, and how: either with its own memory or without. */
struct sending {
	const struct signal_info *info;
	struct signal_slot *slot;
	uint64_t times;
#ifdef CONFIG_CORE_PROCESSES
	uintptr_t process; /* to which, if no thread is named */
#endif
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

static struct wanted wanted_of(const struct thread *t __unused, const struct sending *s)
{
	return (struct wanted){
		.bit = SIG_BIT(s->info->signo),
#ifdef CONFIG_CORE_PROCESSES
		.process = t ? process_of(t) : s->process,
#endif
	};
}

/* Under threads_lock. To the process without @t. Returns whether somebody may wait for it, or -EAGAIN. */
static int send_locked(struct thread *t, const struct sending *s)
{
	struct signal_thread *st = t ? signal_thread_of(t) : NULL;
	struct wanted w = wanted_of(t, s);
	int ret = 0;

	spin_lock(&signal_lock);
	/* An ignored signal stays pending only while blocked: somebody may wait for it by signalfd. */
	if (!signal_is_ignored_by(PROCESS_OF(&w), s->info->signo) || blocked_by(t ? t : thread_for(&w), s->info->signo))
		ret = enqueue(st ? &st->queue : &process_local_of(PROCESS_OF(&w), process_queue), s);
	if (ret > 0) {
		if (st)
			signal_recalculate(t);
		else if (!offer_first(&w))
			thread_for_each(find_willing, &w)
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

/* For struct sending. */
#ifdef CONFIG_CORE_PROCESSES
#define TO(which) .process = (which)
#else
#define TO(which)
#endif

#ifdef CONFIG_CORE_PROCESSES
static int kill_other(struct thread *t, void *arg)
{
	struct signal_thread *st = signal_thread_of(t);
	const uintptr_t *process = arg;

	if (!st || process_of(t) != *process || t == thread_self())
		return 0;
	spin_lock(&signal_lock);
	st->queue.pending |= SIG_BIT(SIGKILL);
	signal_recalculate(t);
	spin_unlock(&signal_lock);
	return 0;
}
#endif

int signal_send_info(struct thread *t, const struct signal_info *info)
{
	spin_lock(&threads_lock);
	return finish(send_locked(t, &(struct sending){ .info = info, TO(process_self()) }));
}

int signal_send_id(long tid, const struct signal_info *info)
{
	return send_id(tid, &(struct sending){ .info = info, TO(process_self()) });
}

int signal_send_slot(long tid, struct signal_slot *slot, uint64_t times)
{
	return send_id(tid, &(struct sending){ .info = &slot->info, .slot = slot, .times = times, TO(slot->process) });
}

void signal_send_thread(struct thread *t, int sig)
{
	signal_send_info(t, &(struct signal_info){ .signo = sig, .code = SI_TKILL, .pid = process_id() });
}

#ifdef CONFIG_CORE_PROCESSES
int signal_send_locked(uintptr_t process, const struct signal_info *info)
{
	return send_locked(NULL, &(struct sending){ .info = info, .process = process });
}

void signal_kill_others(uintptr_t process)
{
	thread_for_each(kill_other, &process)
		;
}
#else
void signal_send_process(int sig)
{
	signal_send_info(NULL, &(struct signal_info){ .signo = sig, .code = SI_USER, .pid = 1 });
}

long signal_send_pid(int pid, const struct signal_info *info)
{
	if (pid != 1 && pid != 0 && pid != -1)
		return -ESRCH;
	return info->signo ? signal_send_info(NULL, info) : 0;
}
#endif
