/* SPDX-License-Identifier: BSD-3-Clause */
#include <abi/time.h>
#include <posix/calls.h>

#include <core/errno.h>
#include <core/string.h>
#include <core/time.h>
#include <core/vmem.h>

#include "internal.h"

static bool bad_signal(int sig)
{
	return sig < 1 || sig > SIG_COUNT;
}

struct dropped {
	uintptr_t process;
	int sig;
};

static int drop(struct thread *t, void *arg)
{
	const struct dropped *d = arg;
	struct signal_thread *st = process_of(t) == d->process ? signal_thread_of(t) : NULL;

	if (st) {
		queue_drop(&st->queue, d->sig);
		signal_recalculate(t);
	}
	return 0;
}

/* POSIX: a signal that is ignored from now on is not pending any more, blocked or not. */
static void drop_ignored(int sig)
{
	struct dropped d = { process_self(), sig };

	spin_lock(&threads_lock);
	spin_lock(&signal_lock);
	if (signal_is_ignored(sig)) {
		queue_drop(&process_local(process_queue), sig);
		thread_for_each(drop, &d)
			;
	}
	spin_unlock(&signal_lock);
	spin_unlock(&threads_lock);
}

long sys_rt_sigaction(int sig, const struct ksigaction *new, struct ksigaction *old, size_t size)
{
	if (bad_signal(sig) || size != SIGSET_SIZE || (new && (sig == SIGKILL || sig == SIGSTOP)))
		return -EINVAL;
	spin_lock(&signal_lock);
	struct ksigaction previous = actions[sig];

	if (new)
		actions[sig] = *new;
	spin_unlock(&signal_lock);
	if (new &&new->handler <= SIG_IGN)
		drop_ignored(sig);
	if (old)
		*old = previous;
	return 0;
}

long sys_rt_sigprocmask(int how, const uint64_t *set, uint64_t *old, size_t size)
{
	uint64_t before = signal_self()->blocked;

	if (size != SIGSET_SIZE)
		return -EINVAL;
	if (set) {
		uint64_t bits = *set;

		if (!signal_on_alt(signal_self())) /* siglongjmp() calls this */
			thread_restore_stack_limit();
		if (how < SIG_BLOCK || how > SIG_SETMASK)
			return -EINVAL;
		signal_swap_mask(how == SIG_SETMASK ? bits : how == SIG_BLOCK ? before | bits : before & ~bits);
	}
	if (old)
		*old = before;
	return 0;
}

long sys_rt_sigpending(uint64_t *set, size_t size)
{
	if (size > SIGSET_SIZE)
		return -EINVAL;
	*set = signal_pending_mask() & signal_self()->blocked;
	return 0;
}

static long sleep_until_signal(void)
{
	struct waitq never = WAITQ_INIT(never);

	wait_event_interruptible(&never, false);
	return -EINTR_HANDLED;
}

long sys_rt_sigsuspend(const uint64_t *set, size_t size)
{
	if (size != SIGSET_SIZE)
		return -EINVAL;
	signal_mask_call(*set);
	return sleep_until_signal();
}

long sys_pause(void)
{
	return sleep_until_signal();
}

static void fill_siginfo(struct siginfo *out, const struct signal_info *info)
{
	if (!out)
		return;
	memset(out, 0, sizeof(*out));
	out->signo = info->signo;
	out->code = info->code;
	out->pid = info->pid;
	out->uid = info->overrun; /* the same place */
	out->value = info->value;
}

long sys_rt_sigtimedwait(const uint64_t *set, struct siginfo *out, const struct timespec *ts, size_t size)
{
	uint64_t mask = *set, deadline = DEADLINE_NEVER;
	struct signal_info info;
	int sig = 0;

	if (size != SIGSET_SIZE || (ts && !time_is_valid(ts)))
		return -EINVAL;
	if (ts)
		deadline = deadline_after(time_monotonic(), time_of_timespec(ts));
	int ret = wait_event_timeout(&signal_waitq, (sig = signal_dequeue(mask, &info)), deadline);

	if (ret)
		return ret == -ETIMEDOUT ? -EAGAIN : ret;
	fill_siginfo(out, &info);
	return sig;
}

static bool is_thread(int tid)
{
	spin_lock(&threads_lock);
	bool found = thread_find(tid);

	spin_unlock(&threads_lock);
	return found;
}

static long send_to_thread(int tid, int sig)
{
	if (sig && bad_signal(sig))
		return -EINVAL;
	if (tid < 1)
		return -EINVAL;
	if (!sig)
		return is_thread(tid) ? 0 : -ESRCH;
	return signal_send_id(tid, &(struct signal_info){ .signo = sig, .code = SI_TKILL, .pid = process_id() });
}

long sys_tkill(int tid, int sig)
{
	return send_to_thread(tid, sig);
}

/* Is @tid a thread of the process @pid, or at least not one of another process? */
static bool may_be_of(int tid __unused, int pid)
{
#ifdef CONFIG_CORE_PROCESSES
	uintptr_t process;

	spin_lock(&threads_lock);
	const struct thread *t = thread_find(tid);
	bool good = process_find(pid, &process) && (!t || process_of(t) == process);

	spin_unlock(&threads_lock);
	return good;
#else
	return pid == 1;
#endif
}

long sys_tgkill(int pid, int tid, int sig)
{
	if (pid < 1 || tid < 1)
		return -EINVAL;
	return may_be_of(tid, pid) ? send_to_thread(tid, sig) : -ESRCH;
}

long sys_kill(int pid, int sig)
{
	if (sig && bad_signal(sig))
		return -EINVAL;
	return signal_send_pid(pid, &(struct signal_info){ .signo = sig, .code = SI_USER, .pid = process_id() });
}

long sys_rt_sigqueueinfo(int pid, int sig, const struct siginfo *in)
{
	if (sig && bad_signal(sig))
		return -EINVAL;
	struct signal_info info = { .signo = sig, .code = in->code, .pid = in->pid, .value = in->value };

	return signal_send_pid(pid, &info);
}

long sys_rt_tgsigqueueinfo(int pid, int tid, int sig, const struct siginfo *in)
{
	if (pid < 1 || tid < 1 || (sig && bad_signal(sig)))
		return -EINVAL;
	struct signal_info info = { .signo = sig, .code = in->code, .pid = in->pid, .value = in->value };

	if (!may_be_of(tid, pid) || !is_thread(tid))
		return -ESRCH;
	return sig ? signal_send_id(tid, &info) : 0;
}

long sys_sigaltstack(const struct sigstack *new, struct sigstack *old)
{
	struct signal_thread *st = signal_self();
	struct sigstack before = st->alt;
	bool on_alt = signal_on_alt(st);

	if (new) {
		const struct sigstack *s = new;

		if (on_alt)
			return -EPERM;
		const int mode = s->flags & ~(int)SS_AUTODISARM;

		if (mode && mode != SS_DISABLE && mode != SS_ONSTACK)
			return -EINVAL;
		if (!(s->flags & SS_DISABLE) && s->size < 2048)
			return -ENOMEM;
		if (!(s->flags & SS_DISABLE) && vmem_back_stack((uintptr_t)s->base, s->size))
			return -ENOMEM;
		st->alt = s->flags & SS_DISABLE ? (struct sigstack){ .flags = SS_DISABLE }
		                                : (struct sigstack){ s->base, 0, s->size };
	}
	if (old)
		*old = (struct sigstack){ before.base, on_alt ? SS_ONSTACK : before.flags, before.size };
	return 0;
}
