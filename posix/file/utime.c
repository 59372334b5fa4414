/* SPDX-License-Identifier: BSD-3-Clause */
/* The older calls that set times: utime, utimes, futimesat. */
#include <abi/time.h>
#include <posix/calls.h>

#include "internal.h"

struct utimbuf {
	int64_t actime, modtime;
};

long sys_utime(const char *path, const struct utimbuf *times)
{
	struct timespec ts[2];

	if (times) {
		ts[0] = (struct timespec){ .tv_sec = times->actime };
		ts[1] = (struct timespec){ .tv_sec = times->modtime };
	}
	return path ? sys_utimensat(AT_FDCWD, path, times ? ts : NULL, 0) : -EFAULT;
}

/* A NULL path means the descriptor itself. */
long sys_futimesat(int dirfd, const char *path, const struct timeval *times)
{
	struct timespec ts[2];

	for (int i = 0; times && i < 2; i++) {
		if (times[i].tv_usec < 0 || times[i].tv_usec >= 1000000)
			return -EINVAL;
		ts[i] = (struct timespec){ .tv_sec = times[i].tv_sec, .tv_nsec = times[i].tv_usec * (int64_t)NSEC_PER_USEC };
	}
	return sys_utimensat(dirfd, path, times ? ts : NULL, 0);
}

long sys_utimes(const char *path, const struct timeval *times)
{
	return path ? sys_futimesat(AT_FDCWD, path, times) : -EFAULT;
}
