/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Thread cancellation, in place of musl's src/thread/pthread_cancel.c and __syscall_cp.c.
 *
 * Upstream compares the interrupted program counter with the range around its system-call instruction. Here a call is a
 * function and a handler runs as a plain function, so the request is seen in two places: before a cancellation point
 * enters the kernel, and when the signal that carries it makes the call return -EINTR. In between no handler runs, so a request is
 * never taken by the handler, which does nothing for it, before the call can see it. The handler is installed without SA_RESTART so that
 * the call always ends.
 */
#include <string.h>
#include "pthread_impl.h"
#include "syscall.h"

hidden long __cancel(void);

long __cancel(void)
{
	pthread_t self = __pthread_self();

	if (self->canceldisable == PTHREAD_CANCEL_ENABLE || self->cancelasync)
		pthread_exit(PTHREAD_CANCELED);
	self->canceldisable = PTHREAD_CANCEL_DISABLE;
	return -ECANCELED;
}

/* close() must not be cancelled once it may have closed, and a masked state defers it entirely. */
static int exempt(pthread_t self, long n)
{
	int state = self->canceldisable;

	return state == PTHREAD_CANCEL_DISABLE || (state && n == SYS_close);
}

int __uk_cp_enter(long n, long *result)
{
	pthread_t self = __pthread_self();

	uk_call_prepare();
	if (exempt(self, n) || !self->cancel)
		return 1;
	uk_call_forget();
	*result = __cancel();
	return 0;
}

long __uk_cp_leave(long n, long result)
{
	pthread_t self = __pthread_self();

	if (result == -EINTR && n != SYS_close && self->cancel && self->canceldisable != PTHREAD_CANCEL_DISABLE)
		return __cancel();
	return result;
}

long(__syscall_cp)(syscall_arg_t n, syscall_arg_t a, syscall_arg_t b, syscall_arg_t c, syscall_arg_t d, syscall_arg_t e,
                   syscall_arg_t f)
{
	return __uk_syscall_cp(n, a, b, c, d, e, f);
}

void __testcancel(void)
{
	pthread_t self = __pthread_self();

	if (self->cancel && !self->canceldisable)
		__cancel();
}

static void on_cancel(int sig, siginfo_t *info, void *context)
{
	pthread_t self = __pthread_self();

	(void)sig;
	(void)info;
	(void)context;
	a_barrier();
	if (self->cancel && self->canceldisable != PTHREAD_CANCEL_DISABLE && self->cancelasync)
		__cancel();
}

static volatile int armed;

/* Before the first request; twice at once does no harm. */
static void arm(void)
{
	struct sigaction action = { .sa_flags = SA_SIGINFO | SA_ONSTACK, .sa_sigaction = on_cancel };

	memset(&action.sa_mask, -1, _NSIG / 8);
	__libc_sigaction(SIGCANCEL, &action, 0);
	armed = 1;
}

int pthread_cancel(pthread_t thread)
{
	if (!armed)
		arm();
	a_store(&thread->cancel, 1);
	if (thread == pthread_self()) {
		if (thread->canceldisable == PTHREAD_CANCEL_ENABLE && thread->cancelasync)
			pthread_exit(PTHREAD_CANCELED);
		return 0;
	}
	return pthread_kill(thread, SIGCANCEL);
}
