/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/syscall.h>

#include "internal.h"

long uk_syscall_lseek(long fd, long offset, long whence)
{
	struct file *f = fd_get((int)fd);
	long ret;

	if (!f)
		return -EBADF;
	ret = file_seek(f, offset, (int)whence);
	file_put(f);
	return ret;
}

/* Advice that memory files have no use for. */
long uk_syscall_fadvise64(long fd, long offset, long len, long advice)
{
	struct file *f = fd_get((int)fd);
	long ret = 0;

	(void)offset;
	if (!f)
		return -EBADF;
	if (!f->ops->seek)
		ret = -ESPIPE;
	else if (len < 0 || advice < 0 || advice > 5)
		ret = -EINVAL;
	file_put(f);
	return ret;
}
