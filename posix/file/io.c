/* SPDX-License-Identifier: BSD-3-Clause */
/* read, write, and their siblings with an offset: one buffer. */
#include <posix/calls.h>

#include "internal.h"

static long read_buffer(int fd, void *buf, size_t len, off_t *pos)
{
	struct file *f = fd_get(fd);
	struct iov_iter it;
	struct iovec vec;
	long ret;

	if (!f)
		return -EBADF;
	iov_single(&it, &vec, buf, MIN(len, RW_MAX));
	ret = file_read(f, &it, pos);
	file_put(f);
	return ret;
}

static long write_buffer(int fd, const void *buf, size_t len, off_t *pos)
{
	struct file *f = fd_get(fd);
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

long sys_read(int fd, void *buf, size_t len)
{
	return read_buffer(fd, buf, len, NULL);
}

long sys_write(int fd, const void *buf, size_t len)
{
	return write_buffer(fd, buf, len, NULL);
}

long sys_pread64(int fd, void *buf, size_t len, int64_t offset)
{
	off_t pos = offset;

	return read_buffer(fd, buf, len, &pos);
}

long sys_pwrite64(int fd, const void *buf, size_t len, int64_t offset)
{
	off_t pos = offset;

	return write_buffer(fd, buf, len, &pos);
}
