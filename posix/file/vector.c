/* SPDX-License-Identifier: BSD-3-Clause */
/* readv, writev, and their siblings with an offset and flags. */
#include <posix/calls.h>

#include "internal.h"

#define RWF_HIPRI 1
#define RWF_DSYNC 2
#define RWF_SYNC 4
#define RWF_APPEND 0x10
#define RWF_NOAPPEND 0x20

typedef ssize_t (*move_fn)(struct file *f, struct iov_iter *it, off_t *pos);

/* What a transfer of nothing has as its result: the file itself is not asked. */
static long move_nothing(const struct file *f, bool write, const off_t *pos)
{
	if (write ? !file_writable(f) : !file_readable(f))
		return -EBADF;
	if (pos && *pos < 0)
		return -EINVAL;
	if (pos && !f->ops->seek)
		return -ESPIPE;
	return write ? (f->ops->write ? 0 : -EINVAL) : 0;
}

/* @pos NULL: at the file's position. */
static long move_as(int fd, const struct iovec *iov, int n, move_fn fn, off_t *pos, enum iov_append append)
{
	struct file *f = fd_get(fd);
	struct iov_iter it;
	long ret;

	if (!f)
		return -EBADF;
	if (n < 0 || n > IOV_MAX)
		ret = -EINVAL;
	else
		ret = iov_init(&it, iov, n);
	if (!ret && !it.left) {
		ret = move_nothing(f, fn == file_write, pos);
	} else if (!ret) {
		it.left = MIN(it.left, RW_MAX);
		it.append = append;
		ret = fn(f, &it, pos);
	}
	file_put(f);
	return ret;
}

static long move(int fd, const struct iovec *iov, int n, move_fn fn, off_t *pos)
{
	return move_as(fd, iov, n, fn, pos, IOV_APPEND_AS_OPENED);
}

long sys_readv(int fd, const struct iovec *iov, int n)
{
	return move(fd, iov, n, file_read, NULL);
}

long sys_writev(int fd, const struct iovec *iov, int n)
{
	return move(fd, iov, n, file_write, NULL);
}

/* On 64 bits the whole offset is in @low; @high is there for the sake of the 32-bit call. */
long sys_preadv(int fd, const struct iovec *iov, int n, int64_t low, int64_t high __unused)
{
	off_t pos = low;

	return move(fd, iov, n, file_read, &pos);
}

long sys_pwritev(int fd, const struct iovec *iov, int n, int64_t low, int64_t high __unused)
{
	off_t pos = low;

	return move(fd, iov, n, file_write, &pos);
}

long sys_preadv2(int fd, const struct iovec *iov, int n, int64_t low, int64_t high __unused, int flags)
{
	off_t pos = low;

	if (flags & ~RWF_HIPRI)
		return -EOPNOTSUPP;
	return move(fd, iov, n, file_read, pos == -1 ? NULL : &pos);
}

long sys_pwritev2(int fd, const struct iovec *iov, int n, int64_t low, int64_t high __unused, int flags)
{
	enum iov_append append = IOV_APPEND_AS_OPENED;
	off_t pos = low;
	long ret;

	if (flags & ~(RWF_HIPRI | RWF_DSYNC | RWF_SYNC | RWF_APPEND | RWF_NOAPPEND))
		return -EOPNOTSUPP;
	if (flags & RWF_APPEND)
		append = IOV_APPEND_ALWAYS;
	if (flags & RWF_NOAPPEND) {
		if (append == IOV_APPEND_ALWAYS)
			return -EINVAL;
		append = IOV_APPEND_NEVER;
	}
	ret = move_as(fd, iov, n, file_write, pos == -1 ? NULL : &pos, append);
	if (ret > 0 && (flags & (RWF_DSYNC | RWF_SYNC))) {
		long err = sys_fsync(fd);

		if (err)
			return err;
	}
	return ret;
}
