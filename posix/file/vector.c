/* SPDX-License-Identifier: BSD-3-Clause */
/* readv, writev, and their siblings with an offset and flags. */
#include <uk/syscall.h>

#include "internal.h"

#define RWF_HIPRI 1
#define RWF_DSYNC 2
#define RWF_SYNC 4

typedef ssize_t (*move_fn)(struct file *f, struct iov_iter *it, off_t *pos);

static long move_once(long fd, long iov, long n, move_fn fn, off_t *pos)
{
	struct file *f = fd_get((int)fd);
	struct iov_iter it;
	long ret;

	if (!f)
		return -EBADF;
	if (n < 0 || n > IOV_MAX)
		ret = -EINVAL;
	else
		ret = iov_init(&it, (const struct iovec *)iov, (int)n);
	if (!ret)
		ret = fn(f, &it, pos);
	file_put(f);
	return ret;
}

/* @pos NULL: at the file's position. */
static long move(long fd, long iov, long n, move_fn fn, off_t *pos)
{
	return SYSCALL_RESTART(move_once(fd, iov, n, fn, pos));
}

long uk_syscall_readv(long fd, long iov, long n)
{
	return move(fd, iov, n, file_read, NULL);
}

long uk_syscall_writev(long fd, long iov, long n)
{
	return move(fd, iov, n, file_write, NULL);
}

/* On 64 bits the whole offset is in @low; @high is there for the sake of the 32-bit call. */
long uk_syscall_preadv(long fd, long iov, long n, long low, long high)
{
	off_t pos = low;

	(void)high;
	return move(fd, iov, n, file_read, &pos);
}

long uk_syscall_pwritev(long fd, long iov, long n, long low, long high)
{
	off_t pos = low;

	(void)high;
	return move(fd, iov, n, file_write, &pos);
}

long uk_syscall_preadv2(long fd, long iov, long n, long low, long high, long flags)
{
	off_t pos = low;

	(void)high;
	if (flags & ~RWF_HIPRI)
		return -EOPNOTSUPP;
	return move(fd, iov, n, file_read, pos == -1 ? NULL : &pos);
}

long uk_syscall_pwritev2(long fd, long iov, long n, long low, long high, long flags)
{
	off_t pos = low;
	long ret;

	(void)high;
	if (flags & ~(RWF_HIPRI | RWF_DSYNC | RWF_SYNC))
		return -EOPNOTSUPP;
	ret = move(fd, iov, n, file_write, pos == -1 ? NULL : &pos);
	if (ret > 0 && (flags & (RWF_DSYNC | RWF_SYNC))) {
		long err = uk_syscall_fsync(fd);

		if (err)
			return err;
	}
	return ret;
}
