/* SPDX-License-Identifier: BSD-3-Clause */
/* The system calls of epoll. An epoll instance inside another is refused (-ELOOP); poll() and select() may watch one. */
#include <posix/fd.h>
#include <uk/syscall.h>

#include "epoll.h"

long uk_syscall_epoll_create1(long flags)
{
	struct file *f;

	if (flags & ~O_CLOEXEC)
		return -EINVAL;
	f = epoll_new();
	return f ? fd_install(f, flags & O_CLOEXEC) : -ENOMEM;
}

long uk_syscall_epoll_create(long size)
{
	return (int)size <= 0 ? -EINVAL : uk_syscall_epoll_create1(0);
}

static long control(struct epoll *ep, long op, int fd, struct file *f, const struct epoll_event *ev)
{
	if (!ep)
		return -EINVAL;
	if (epoll_of(f))
		return epoll_of(f) == ep ? -EINVAL : -ELOOP;
	if (!ev && op != EPOLL_CTL_DEL)
		return -EFAULT;
	switch (op) {
	case EPOLL_CTL_ADD:
		return epoll_add(ep, fd, f, ev);
	case EPOLL_CTL_MOD:
		return epoll_change(ep, fd, f, ev);
	case EPOLL_CTL_DEL:
		return epoll_delete(ep, fd, f);
	default:
		return -EINVAL;
	}
}

long uk_syscall_epoll_ctl(long epfd, long op, long fd, long event)
{
	struct file *e = fd_get((int)epfd), *f = fd_get((int)fd);
	long ret = -EBADF;

	if (e && f)
		ret = control(epoll_of(e), op, (int)fd, f, (const struct epoll_event *)event);
	if (f)
		file_put(f);
	if (e)
		file_put(e);
	return ret;
}

long uk_syscall_epoll_pwait(long epfd, long events, long max, long timeout, long mask, long size)
{
	struct file *f;
	struct epoll *ep;
	long ret = -EINVAL;

	if ((mask && size != SIGSET_SIZE) || (int)max <= 0)
		return -EINVAL;
	f = fd_get((int)epfd);
	if (!f)
		return -EBADF;
	ep = epoll_of(f);
	if (ep)
		ret = WITH_SIGMASK((const uint64_t *)mask,
		                   epoll_collect(ep, (struct epoll_event *)events, (int)max, patience_ms((int)timeout)));
	file_put(f);
	return ret;
}

long uk_syscall_epoll_wait(long epfd, long events, long max, long timeout)
{
	return uk_syscall_epoll_pwait(epfd, events, max, timeout, 0, SIGSET_SIZE);
}
