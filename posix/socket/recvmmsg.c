/* SPDX-License-Identifier: BSD-3-Clause */
/* recvmmsg(2). */
#include <core/errno.h>
#include <core/iov.h>
#include <core/time.h>
#include <posix/calls.h>

#include <abi/socket.h>

#define MSG_WAITFORONE 0x10000

static int deadline_of(const struct timespec *timeout, uint64_t *deadline)
{
	*deadline = DEADLINE_NEVER;
	if (!timeout)
		return 0;
	if (!time_is_valid(timeout))
		return -EINVAL;
	*deadline = deadline_after(time_monotonic(), time_of_timespec(timeout));
	return 0;
}

/* The time is looked at after each message, as on Linux: while none comes, it does not end the call. */
long sys_recvmmsg(int fd, struct mmsghdr *msgs, unsigned n, int flags, struct timespec *timeout)
{
	unsigned count = MIN(n, (unsigned)IOV_MAX), i = 0;
	uint64_t deadline, now = 0;
	long ret = deadline_of(timeout, &deadline);

	while (!ret && i < count && (deadline == DEADLINE_NEVER || now < deadline)) {
		ret = sys_recvmsg(fd, &msgs[i].hdr, flags & ~MSG_WAITFORONE);
		if (ret < 0)
			break;
		msgs[i++].len = (unsigned)ret;
		ret = 0;
		if (flags & MSG_WAITFORONE)
			flags |= MSG_DONTWAIT;
		now = time_monotonic();
	}
	if (i && deadline != DEADLINE_NEVER)
		*timeout = time_to_timespec(deadline > now ? deadline - now : 0);
	return i ? i : ret;
}
