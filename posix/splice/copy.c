/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/alloc.h>
#include <core/errno.h>

#include "copy.h"

#define PIECE 65536u

ssize_t copy_read(const struct copy_end *in, char *buf, size_t len)
{
	struct iov_iter it;
	struct iovec vec;

	iov_single(&it, &vec, buf, len);
	return file_read(in->file, &it, in->pos);
}

ssize_t copy_write(const struct copy_end *out, char *buf, size_t len)
{
	struct iov_iter it;
	struct iovec vec;

	iov_single(&it, &vec, buf, len);
	return file_write(out->file, &it, out->pos);
}

static void give_back(const struct copy_end *in, size_t count)
{
	if (!count)
		return;
	if (in->pos)
		*in->pos -= (off_t)count;
	else
		file_seek(in->file, -(off_t)count, SEEK_CUR);
}

/* One piece. *@end is set at the end of the input. */
static ssize_t copy_piece(const struct copy_end *in, const struct copy_end *out, char *buf, size_t len, bool *end)
{
	ssize_t got = copy_read(in, buf, len), put = 0, n = 0;

	*end = got <= 0;
	while (got > put) {
		n = copy_write(out, buf + put, (size_t)(got - put));
		if (n <= 0)
			break;
		put += n;
	}
	if (got <= 0)
		return got;
	give_back(in, (size_t)(got - put));
	*end = put < got;
	return put ? put : n;
}

ssize_t copy_data(const struct copy_end *in, const struct copy_end *out, size_t count)
{
	const size_t piece = MIN(PIECE, MAX(count, (size_t)1));
	ssize_t done = 0, n = 0;
	bool end = false;
	char *buf;

	if (!file_readable(in->file) || !file_writable(out->file))
		return -EBADF;
	buf = kmalloc(piece);
	if (!buf)
		return -ENOMEM;
	while (!end && (size_t)done < count) {
		n = copy_piece(in, out, buf, MIN(piece, count - (size_t)done), &end);
		if (n <= 0)
			break;
		done += n;
	}
	kfree(buf);
	return done ? done : n;
}
