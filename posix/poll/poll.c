/* SPDX-License-Identifier: BSD-3-Clause */
/* poll(2), ppoll(2). */
#include <posix/fd.h>
#include <uk/syscall.h>

#include "poller.h"

#define ALWAYS (POLLERR | POLLHUP)

static long poll_for(long fds, unsigned long n, struct patience p)
{
	if (n > fd_limit)
		return -EINVAL;
	return poll_files((struct pollfd *)fds, n, ALWAYS, p.wait, p.deadline);
}

long uk_syscall_poll(long fds, long n, long timeout)
{
	return WITH_SIGMASK(NULL, poll_for(fds, n, patience_ms((int)timeout)));
}

long uk_syscall_ppoll(long fds, long n, long timeout, long mask, long size)
{
	struct patience p;
	int ret;

	if (mask && size != SIGSET_SIZE)
		return -EINVAL;
	ret = patience_timespec((const struct timespec *)timeout, &p);
	return ret ? ret : WITH_SIGMASK((const uint64_t *)mask, poll_for(fds, n, p));
}
