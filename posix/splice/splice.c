/* SPDX-License-Identifier: BSD-3-Clause */
/* splice(2), tee(2), vmsplice(2): one end at least is a pipe. Pages are copied, never moved. */
#include <core/errno.h>
#include <core/vfs.h>
#include <posix/fd.h>
#include <posix/pipe.h>
#include <posix/calls.h>

#include "copy.h"

#define SPLICE_F_NONBLOCK 2u
#define SPLICE_F_ALL 15u

static int check(const struct copy_end *in, const struct copy_end *out)
{
	bool from = file_is_pipe(in->file), to = file_is_pipe(out->file);

	if (!file_readable(in->file) || !file_writable(out->file))
		return -EBADF;
	if (!from && !to)
		return -EINVAL;
	if ((from && in->pos) || (to && out->pos))
		return -ESPIPE;
	if ((from && to && in->file->priv == out->file->priv) || (out->file->flags & O_APPEND))
		return -EINVAL;
	/* Before anything is waited for. */
	if (!in->file->ops->read || !out->file->ops->write)
		return -EINVAL;
	return (in->pos && (*in->pos < 0 || !in->file->ops->seek)) || (out->pos && (*out->pos < 0 || !out->file->ops->seek))
	               ? -EINVAL
	               : 0;
}

/* A full pipe is waited for once; the call then moves what there is room for. */
static ssize_t splice_files(const struct copy_end *in, const struct copy_end *out, size_t len, bool nonblock)
{
	const bool from = file_is_pipe(in->file);
	ssize_t room;
	int ret = check(in, out);

	len = MIN(len, COPY_MAX);
	if (!ret && from)
		ret = pipe_wait_data(in->file, nonblock);
	if (ret)
		return ret;
	if (!file_is_pipe(out->file))
		return copy_from_pipe(in->file, out, len, nonblock);
	room = pipe_wait_room(out->file, nonblock);
	if (room < 0)
		return room;
	if (from || !in->file->ops->seek)
		return copy_to_pipe(in, out->file, len, nonblock);
	return copy_data(in, out, MIN(len, (size_t)room));
}

long sys_splice(int in, int64_t *in_pos, int out, int64_t *out_pos, size_t len, unsigned flags)
{
	struct copy_end from = { NULL, in_pos }, to = { NULL, out_pos };
	long ret;

	if (flags & ~SPLICE_F_ALL)
		return -EINVAL;
	if (!len)
		return 0;
	from.file = fd_get(in);
	to.file = fd_get(out);
	ret = from.file && to.file ? splice_files(&from, &to, len, flags & SPLICE_F_NONBLOCK) : -EBADF;
	if (from.file)
		file_put(from.file);
	if (to.file)
		file_put(to.file);
	return ret;
}

static ssize_t tee_files(struct file *in, struct file *out, size_t len, bool nonblock)
{
	ssize_t n;

	if (!file_readable(in) || !file_writable(out))
		return -EBADF;
	if (!file_is_pipe(in) || !file_is_pipe(out))
		return -EINVAL;
	for (;;) {
		n = pipe_tee(in, out, len);
		if (n != -EAGAIN)
			return n;
		n = pipe_wait_data(in, nonblock);
		if (!n)
			n = pipe_wait_room(out, nonblock);
		if (n < 0)
			return n;
	}
}

long sys_tee(int in, int out, size_t len, unsigned flags)
{
	struct file *from, *to;
	long ret;

	if (flags & ~SPLICE_F_ALL)
		return -EINVAL;
	if (!len)
		return 0;
	from = fd_get(in);
	to = fd_get(out);
	ret = from && to ? tee_files(from, to, len, flags & SPLICE_F_NONBLOCK) : -EBADF;
	if (from)
		file_put(from);
	if (to)
		file_put(to);
	return ret;
}

/* To the pipe as much as there is room for; from it as readv(2). */
static ssize_t splice_memory(struct file *f, struct iov_iter *it, bool nonblock)
{
	ssize_t ret;

	if (!file_is_pipe(f))
		return -EBADF;
	if (!it->left)
		return 0;
	if (!file_writable(f)) {
		ret = pipe_wait_data(f, nonblock);
		return ret ? ret : file_read(f, it, NULL);
	}
	ret = pipe_wait_room(f, nonblock);
	if (ret < 0)
		return ret;
	it->left = MIN(it->left, (size_t)ret);
	return file_write(f, it, NULL);
}

long sys_vmsplice(int fd, const struct iovec *iov, size_t n, unsigned flags)
{
	struct iov_iter it;
	struct file *f;
	long ret;

	if ((flags & ~SPLICE_F_ALL) || n > IOV_MAX)
		return -EINVAL;
	f = fd_get(fd);
	if (!f)
		return -EBADF;
	ret = iov_init(&it, iov, (int)n);
	if (!ret)
		ret = splice_memory(f, &it, flags & SPLICE_F_NONBLOCK);
	file_put(f);
	return ret;
}
