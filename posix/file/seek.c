/* SPDX-License-Identifier: BSD-3-Clause */
#include <posix/calls.h>

#include "internal.h"

long sys_lseek(int fd, int64_t offset, int whence)
{
	struct file *f = fd_get(fd);
	long ret;

	if (!f)
		return -EBADF;
	ret = whence < SEEK_SET || whence > SEEK_HOLE ? -EINVAL : file_seek(f, offset, whence);
	file_put(f);
	return ret;
}

/* Advice that memory files have no use for. */
long sys_fadvise64(int fd, int64_t offset __unused, int64_t len, int advice)
{
	struct file *f = fd_get(fd);
	long ret = 0;

	if (!f)
		return -EBADF;
	if (f->flags & O_PATH)
		ret = -EBADF;
	else if (!f->ops->seek)
		ret = -ESPIPE;
	else if (len < 0 || advice < 0 || advice > 5)
		ret = -EINVAL;
	file_put(f);
	return ret;
}
