/* SPDX-License-Identifier: BSD-3-Clause */
#include <abi/time.h>
#include <uk/syscall.h>

#include <core/errno.h>
#include <core/string.h>
#include <core/time.h>
#include <core/vmem.h>

#include "internal.h"

static bool bad_signal(long sig)
{
	return sig < 1 || sig > SIG_COUNT;
}

long uk_syscall_rt_sigaction(long sig, long new, long old, long size)
{
	if (bad_signal(sig) || size != SIGSET_SIZE || (new && (sig == SIGKILL || sig == SIGSTOP)))
		return -EINVAL;
	preempt_disable();
	struct ksigaction previous = actions[sig];

	if (new)
		actions[sig] = *(const struct ksigaction *)new;
	preempt_enable();
	if (old)
		*(struct ksigaction *)old = previous;
	return 0;
}

long uk_syscall_rt_sigprocmask(long how, long set, long old, long size)
{
	uint64_t before = signal_self()->blocked;

	if (size != SIGSET_SIZE)
		return -EINVAL;
	if (set) {
		uint64_t bits = *(const uint64_t *)set;

		if (how < SIG_BLOCK || how > SIG_SETMASK)
			return -EINVAL;
		/* What came before the call is not for the new mask. */
		if (thread_interrupted())
			signal_deliver();
		signal_swap_mask(how == SIG_SETMASK ? bits : how == SIG_BLOCK ? before | bits : before & ~bits);
	}
	if (old)
		*(uint64_t *)old = before;
	if (thread_interrupted())
		signal_deliver();
	return 0;
}

long uk_syscall_rt_sigpending(long set, long size)
{
	if (size > SIGSET_SIZE)
		return -EINVAL;
	*(uint64_t *)set = signal_pending_mask() & signal_self()->blocked;
	return 0;
}

long uk_syscall_rt_sigsuspend(long set, long size)
{
	struct signal_thread *st = signal_self();
	struct waitq never = WAITQ_INIT(never);

	if (size != SIGSET_SIZE)
		return -EINVAL;
	st->restore_mask = signal_swap_mask(*(const uint64_t *)set);
	st->has_restore_mask = true;
	wait_event_interruptible(&never, false);
	signal_deliver();
	if (st->has_restore_mask) {
		st->has_restore_mask = false;
		signal_swap_mask(st->restore_mask);
	}
	return -EINTR;
}

long uk_syscall_pause(void)
{
	struct waitq never = WAITQ_INIT(never);

	wait_event_interruptible(&never, false);
	signal_deliver();
	return -EINTR;
}

static void fill_siginfo(long out, const struct signal_info *info)
{
	int *words = (int *)out;

	if (!out)
		return;
	memset(words, 0, 128);
	words[0] = info->signo;
	words[2] = info->code;
	words[4] = info->pid;
	*(uintptr_t *)&words[6] = info->value;
}

long uk_syscall_rt_sigtimedwait(long set, long out, long timeout, long size)
{
	const struct timespec *ts = (const struct timespec *)timeout;
	uint64_t mask = *(const uint64_t *)set, deadline = DEADLINE_NEVER;
	struct signal_info info;
	int sig = 0;

	if (size != SIGSET_SIZE || (ts && !time_is_valid(ts)))
		return -EINVAL;
	if (ts)
		deadline = deadline_after(time_monotonic(), time_of_timespec(ts));
	int ret = wait_event_timeout(&signal_waitq, (sig = signal_dequeue(mask, &info)), deadline);

	if (ret == -EINTR)
		signal_deliver();
	if (ret)
		return ret == -ETIMEDOUT ? -EAGAIN : ret;
	fill_siginfo(out, &info);
	return sig;
}

static long send_to_thread(long tid, long sig)
{
	if (sig && bad_signal(sig))
		return -EINVAL;
	preempt_disable();
	struct thread *t = thread_find(tid);

	if (t && sig)
		signal_send_thread(t, sig);
	preempt_enable();
	if (!t)
		return -ESRCH;
	if (thread_interrupted())
		signal_deliver();
	return 0;
}

long uk_syscall_tkill(long tid, long sig)
{
	return send_to_thread(tid, sig);
}

long uk_syscall_tgkill(long pid, long tid, long sig)
{
	return pid == 1 ? send_to_thread(tid, sig) : -ESRCH;
}

/* There is one process, in one process group. */
static bool means_us(long pid)
{
	return pid == 1 || pid == 0 || pid == -1;
}

long uk_syscall_kill(long pid, long sig)
{
	if (sig && bad_signal(sig))
		return -EINVAL;
	if (!means_us(pid))
		return -ESRCH;
	if (sig)
		signal_send_process(sig);
	if (thread_interrupted())
		signal_deliver();
	return 0;
}

long uk_syscall_rt_sigqueueinfo(long pid, long sig, long in)
{
	const int *words = (const int *)in;

	if (sig && bad_signal(sig))
		return -EINVAL;
	if (!means_us(pid))
		return -ESRCH;
	if (!sig)
		return 0;
	struct signal_info info = { .signo = sig, .code = words[2], .pid = words[4], .value = *(uintptr_t *)&words[6] };
	int ret = signal_send_info(NULL, &info);

	if (thread_interrupted())
		signal_deliver();
	return ret;
}

long uk_syscall_sigaltstack(long new, long old)
{
	struct signal_thread *st = signal_self();
	struct sigstack before = st->alt;

	if (new) {
		const struct sigstack *s = (const struct sigstack *)new;

		if (st->on_alt)
			return -EPERM;
		if (s->flags & ~(SS_DISABLE | (int)0x80000000))
			return -EINVAL;
		if (!(s->flags & SS_DISABLE) && s->size < 2048)
			return -ENOMEM;
		if (!(s->flags & SS_DISABLE) && vmem_back_stack((uintptr_t)s->base, s->size))
			return -ENOMEM;
		st->alt = s->flags & SS_DISABLE ? (struct sigstack){ .flags = SS_DISABLE }
		                                : (struct sigstack){ s->base, 0, s->size };
	}
	if (old)
		*(struct sigstack *)old = (struct sigstack){ before.base, st->on_alt ? SS_ONSTACK : before.flags, before.size };
	return 0;
}
