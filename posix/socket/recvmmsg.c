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
	*deadline = UINT64_MAX;
	if (!timeout)
		return 0;
	if (timeout->tv_sec < 0 || timeout->tv_nsec < 0 || timeout->tv_nsec >= (int64_t)NSEC_PER_SEC)
		return -EINVAL;
	*deadline =
		time_monotonic() + MIN((uint64_t)timeout->tv_sec, 9000000000ull) * NSEC_PER_SEC + (uint64_t)timeout->tv_nsec;
	return 0;
}

/* The time is looked at after each message, as on Linux: while none comes, it does not end the call. */
long sys_recvmmsg(int fd, struct mmsghdr *msgs, unsigned n, int flags, struct timespec *timeout)
{
	unsigned count = MIN(n, (unsigned)IOV_MAX), i = 0;
	uint64_t deadline, now = 0;
	long ret = deadline_of(timeout, &deadline);

	while (!ret && i < count && now < deadline) {
		ret = sys_recvmsg(fd, &msgs[i].hdr, flags & ~MSG_WAITFORONE);
		if (ret < 0)
			break;
		msgs[i++].len = (unsigned)ret;
		ret = 0;
		if (flags & MSG_WAITFORONE)
			flags |= MSG_DONTWAIT;
		now = time_monotonic();
	}
	if (timeout && i) {
		uint64_t left = deadline > now ? deadline - now : 0;

		*timeout = (struct timespec){ .tv_sec = (int64_t)(left / NSEC_PER_SEC),
			                      .tv_nsec = (int64_t)(left % NSEC_PER_SEC) };
	}
	return i ? i : ret;
}
