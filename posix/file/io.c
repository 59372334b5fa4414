/* SPDX-License-Identifier: BSD-3-Clause */
/* read, write, and their siblings with an offset: one buffer. */
#include <uk/syscall.h>

#include "internal.h"

#define RW_MAX 0x7ffff000UL /* the most one call moves, as on Linux */

static long read_buffer(long fd, long buf, size_t len, off_t *pos)
{
	struct file *f = fd_get((int)fd);
	struct iov_iter it;
	struct iovec vec;
	long ret;

	if (!f)
		return -EBADF;
	iov_single(&it, &vec, (void *)buf, MIN(len, RW_MAX));
	ret = file_read(f, &it, pos);
	file_put(f);
	return ret;
}

static long write_buffer(long fd, long buf, size_t len, off_t *pos)
{
	struct file *f = fd_get((int)fd);
	struct iov_iter it;
	struct iovec vec;
	long ret;

	if (!f)
		return -EBADF;
	iov_single(&it, &vec, (void *)buf, MIN(len, RW_MAX));
	ret = file_write(f, &it, pos);
	file_put(f);
	return ret;
}

long uk_syscall_read(long fd, long buf, long len)
{
	return SYSCALL_RESTART(read_buffer(fd, buf, len, NULL));
}

long uk_syscall_write(long fd, long buf, long len)
{
	return SYSCALL_RESTART(write_buffer(fd, buf, len, NULL));
}

long uk_syscall_pread64(long fd, long buf, long len, long offset)
{
	off_t pos = offset;

	return SYSCALL_RESTART(read_buffer(fd, buf, len, &pos));
}

long uk_syscall_pwrite64(long fd, long buf, long len, long offset)
{
	off_t pos = offset;

	return SYSCALL_RESTART(write_buffer(fd, buf, len, &pos));
}
