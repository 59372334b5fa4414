/* SPDX-License-Identifier: BSD-3-Clause */
/* The system calls of epoll. */
#include <posix/fd.h>
#include <posix/calls.h>

#include "epoll.h"

#define EVENTS_MAX ((int)(INT32_MAX / sizeof(struct epoll_event)))

long sys_epoll_create1(int flags)
{
	struct file *f;

	if (flags & ~O_CLOEXEC)
		return -EINVAL;
	f = epoll_new();
	return f ? fd_install(f, flags & O_CLOEXEC) : -ENOMEM;
}

long sys_epoll_create(int size)
{
	return size <= 0 ? -EINVAL : sys_epoll_create1(0);
}

static long control(struct epoll *ep, long op, int fd, struct file *f, const struct epoll_event *ev)
{
	if (!ep)
		return -EINVAL;
	if (epoll_of(f) == ep)
		return -EINVAL;
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

long sys_epoll_ctl(int epfd, int op, int fd, const struct epoll_event *event)
{
	/* A bad pointer ends the call here, before it holds anything. */
	const struct epoll_event copy = event && op != EPOLL_CTL_DEL ? *event : (struct epoll_event){ 0 };
	struct file *e = fd_get(epfd), *f = fd_get(fd);
	long ret = -EBADF;

	if (e && f && !((e->flags | f->flags) & O_PATH))
		ret = control(epoll_of(e), op, fd, f, event ? &copy : NULL);
	if (f)
		file_put(f);
	if (e)
		file_put(e);
	return ret;
}

static long collect(int epfd, struct epoll_event *events, int max, struct patience p, const uint64_t *mask, size_t size)
{
	struct file *f;
	struct epoll *ep;
	long ret = -EINVAL;

	if ((mask && size != SIGSET_SIZE) || max <= 0 || max > EVENTS_MAX)
		return -EINVAL;
	f = fd_get(epfd);
	if (!f)
		return -EBADF;
	ep = epoll_of(f);
	if (ep && mask)
		signal_mask_call(*mask);
	if (ep)
		ret = epoll_collect(ep, events, max, p);
	file_put(f);
	return ret;
}

long sys_epoll_pwait(int epfd, struct epoll_event *events, int max, int timeout, const uint64_t *mask, size_t size)
{
	return collect(epfd, events, max, patience_ms(timeout), mask, size);
}

long sys_epoll_pwait2(int epfd, struct epoll_event *events, int max, const struct timespec *timeout, const uint64_t *mask,
                      size_t size)
{
	struct patience p;
	int ret = patience_timespec(timeout, &p);

	return ret ? ret : collect(epfd, events, max, p, mask, size);
}

long sys_epoll_wait(int epfd, struct epoll_event *events, int max, int timeout)
{
	return sys_epoll_pwait(epfd, events, max, timeout, NULL, SIGSET_SIZE);
}
