/* SPDX-License-Identifier: BSD-3-Clause */
/* read, write, and their siblings with an offset: one buffer. */
#include <uk/syscall.h>

#include "internal.h"

#define RW_MAX 0x7ffff000UL /* the most one call moves, as on Linux */

long uk_syscall_read(long fd, long buf, long len)
{
	struct file *f = fd_get((int)fd);
	struct iov_iter it;
	struct iovec vec;
	long ret;

	if (!f)
		return -EBADF;
	iov_single(&it, &vec, (void *)buf, MIN((size_t)len, RW_MAX));
	ret = SYSCALL_RESTART(file_read(f, &it, NULL));
	file_put(f);
	return ret;
}

long uk_syscall_write(long fd, long buf, long len)
{
	struct file *f = fd_get((int)fd);
	struct iov_iter it;
	struct iovec vec;
	long ret;

	if (!f)
		return -EBADF;
	iov_single(&it, &vec, (void *)buf, MIN((size_t)len, RW_MAX));
	ret = SYSCALL_RESTART(file_write(f, &it, NULL));
	file_put(f);
	return ret;
}

long uk_syscall_pread64(long fd, long buf, long len, long offset)
{
	struct file *f = fd_get((int)fd);
	off_t pos = offset;
	struct iov_iter it;
	struct iovec vec;
	long ret;

	if (!f)
		return -EBADF;
	iov_single(&it, &vec, (void *)buf, MIN((size_t)len, RW_MAX));
	ret = SYSCALL_RESTART(file_read(f, &it, &pos));
	file_put(f);
	return ret;
}

long uk_syscall_pwrite64(long fd, long buf, long len, long offset)
{
	struct file *f = fd_get((int)fd);
	off_t pos = offset;
	struct iov_iter it;
	struct iovec vec;
	long ret;

	if (!f)
		return -EBADF;
	iov_single(&it, &vec, (void *)buf, MIN((size_t)len, RW_MAX));
	ret = SYSCALL_RESTART(file_write(f, &it, &pos));
	file_put(f);
	return ret;
}
