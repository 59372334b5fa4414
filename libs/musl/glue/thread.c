/* SPDX-License-Identifier: BSD-3-Clause */
/* What musl writes in assembly because it needs a register context: here, calls into the kernel's thread primitives. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include "pthread_impl.h"
#include "syscall.h"

#define ARCH_SET_FS 0x1002

/* There is one process: a clone that is not a thread (fork, vfork, posix_spawn) is refused. */
int __clone(int (*fn)(void *), void *stack, int flags, void *arg, ...)
{
	va_list ap;
	int *ptid;
	void *tls;
	const struct pthread *new; /* pthread_create() is the only caller */
	int *ctid;

	if (!(flags & CLONE_THREAD))
		return -ENOSYS;
	va_start(ap, arg);
	ptid = va_arg(ap, int *);
	tls = va_arg(ap, void *);
	ctid = va_arg(ap, int *);
	va_end(ap);
	new = tls;
	return uk_clone(fn, stack, (char *)new->stack - new->stack_size, (unsigned)flags, arg, ptid, tls, ctid);
}

void __unmapself(void *base, size_t size)
{
	uk_unmapself(base, size);
}

int __set_thread_area(void *tp)
{
	return __syscall(SYS_arch_prctl, ARCH_SET_FS, tp);
}

/* The kernel calls signal handlers as functions, so there is no frame to return through: musl only needs the address. */
hidden void __restore_rt(void);
hidden void __restore(void);

void __restore_rt(void)
{
}

void __restore(void)
{
}
