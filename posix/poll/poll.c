/* SPDX-License-Identifier: BSD-3-Clause */
/* poll(2), ppoll(2). */
#include <posix/fd.h>
#include <posix/calls.h>

#include "poller.h"

#define ALWAYS (POLLERR | POLLHUP)

static long poll_for(struct pollfd *fds, unsigned n, struct patience p)
{
	if (n > fd_limit)
		return -EINVAL;
	return poll_files(fds, n, ALWAYS, p.wait, p.deadline);
}

long sys_poll(struct pollfd *fds, unsigned n, int timeout)
{
	return poll_for(fds, n, patience_ms(timeout));
}

long sys_ppoll(struct pollfd *fds, unsigned n, struct timespec *timeout, const uint64_t *mask, size_t size)
{
	struct patience p;
	long ret;

	if (mask && size != SIGSET_SIZE)
		return -EINVAL;
	ret = patience_timespec(timeout, &p);
	if (ret)
		return ret;
	if (mask)
		signal_mask_call(*mask);
	ret = poll_for(fds, n, p);
	patience_left(&p, timeout);
	return ret;
}
