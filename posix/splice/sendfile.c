/* SPDX-License-Identifier: BSD-3-Clause */
/* sendfile(2), copy_file_range(2). */
#include <core/errno.h>
#include <core/vfs.h>
#include <posix/fd.h>
#include <posix/calls.h>

#include "copy.h"

/* sendfile()'s input can be mapped, says its manual page: a file with a position. */
static ssize_t send(struct file *out, struct file *in, int64_t *offset, size_t count)
{
	struct copy_end from = { in, offset }, to = { out, NULL };

	if (!file_readable(in) || !file_writable(out))
		return -EBADF;
	if (!in->ops->seek)
		return offset ? -ESPIPE : -EINVAL;
	if (!in->ops->read || (out->flags & O_APPEND) || (offset && *offset < 0))
		return -EINVAL;
	return copy_data(&from, &to, MIN(count, COPY_MAX));
}

long sys_sendfile(int out, int in, int64_t *offset, size_t count)
{
	struct file *from = fd_get(in), *to = fd_get(out);
	long ret = from && to ? send(to, from, offset, count) : -EBADF;

	if (from)
		file_put(from);
	if (to)
		file_put(to);
	return ret;
}

/* May *@len bytes be copied from @from to @to? It becomes what there is. */
static int check_range(struct file *in, struct file *out, off_t from, off_t to, uint64_t *len)
{
	if (!file_readable(in) || !file_writable(out) || (out->flags & O_APPEND))
		return -EBADF;
	if ((in->inode && S_ISDIR(in->inode->mode)) || (out->inode && S_ISDIR(out->inode->mode)))
		return -EISDIR;
	if (!in->inode || !out->inode || !S_ISREG(in->inode->mode) || !S_ISREG(out->inode->mode))
		return -EINVAL;
	if (from < 0 || to < 0)
		return -EINVAL;
	if (from + *len < *len || to + *len < *len)
		return -EOVERFLOW;
	*len = MIN(*len, (uint64_t)MAX(in->inode->size - from, (off_t)0));
	if (to + *len > INT64_MAX)
		return -EFBIG;
	/* Ranges of one file may not overlap. */
	return in->inode == out->inode && from < to + (off_t)*len && to < from + (off_t)*len ? -EINVAL : 0;
}

static ssize_t copy_range(struct file *in, int64_t *in_pos, struct file *out, int64_t *out_pos, size_t len)
{
	struct copy_end from = { in, in_pos }, to = { out, out_pos };
	uint64_t left = len;
	int ret;

	ret = check_range(in, out, in_pos ? *in_pos : in->pos, out_pos ? *out_pos : out->pos, &left);
	return ret || !left ? ret : copy_data(&from, &to, MIN(left, COPY_MAX));
}

long sys_copy_file_range(int in, int64_t *in_pos, int out, int64_t *out_pos, size_t len, unsigned flags)
{
	struct file *from, *to;
	long ret;

	if (flags)
		return -EINVAL;
	from = fd_get(in);
	to = fd_get(out);
	ret = from && to ? copy_range(from, in_pos, to, out_pos, len) : -EBADF;
	if (from)
		file_put(from);
	if (to)
		file_put(to);
	return ret;
}
