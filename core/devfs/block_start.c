/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests of block devices that go on by themselves. */
#include <core/alloc.h>

#include "internal.h"

struct started {
	struct block_io io;
	struct file_io *file_io;
	struct block_vec vec[];
};

static void done(struct block_io *io)
{
	struct started *s = container_of(io, struct started, io);
	struct file_io *file_io = s->file_io;

	file_io->result = io->status ? io->status : (ssize_t)file_io->it.left;
	kfree(s);
	file_io->done(file_io);
}

static unsigned count_pieces(struct iov_iter it)
{
	unsigned n = 0;
	size_t len;

	for (iov_peek(&it, &len); len; iov_peek(&it, &len)) {
		iov_advance(&it, len);
		n++;
	}
	return n;
}

static void list_pieces(struct block_vec *vec, unsigned n, struct iov_iter it)
{
	for (unsigned i = 0; i < n; i++) {
		vec[i].base = iov_peek(&it, &vec[i].len);
		iov_advance(&it, vec[i].len);
	}
}

/* Is this a transfer of whole sectors within the device, after which nothing is to follow? */
static bool is_plain(const struct file *f, const struct file_io *io)
{
	const struct block_dev *dev = f->priv;

	if (io->op == FILE_IO_WRITE && f->flags & O_DSYNC)
		return false;
	return io->pos >= 0 && (uint64_t)io->pos <= dev->size && io->it.left <= dev->size - io->pos &&
	       block_suits(dev, io->it, io->pos);
}

bool block_file_start(struct file *f, struct file_io *file_io)
{
	static const enum block_op op_of[] = {
		[FILE_IO_READ] = BLOCK_READ, [FILE_IO_WRITE] = BLOCK_WRITE, [FILE_IO_SYNC] = BLOCK_FLUSH
	};
	unsigned n = 0;

	if (file_io->op == FILE_IO_SYNC)
		file_io->it.left = 0;
	else if (!file_io->it.left || !is_plain(f, file_io))
		return false;
	else
		n = count_pieces(file_io->it);
	struct started *s = kmalloc(sizeof(*s) + n * sizeof(s->vec[0]));

	if (!s)
		return false;
	list_pieces(s->vec, n, file_io->it);
	s->file_io = file_io;
	s->io.dev = f->priv;
	s->io.op = op_of[file_io->op];
	s->io.offset = n ? file_io->pos : 0;
	s->io.vec = s->vec;
	s->io.nvec = n;
	s->io.done = done;
	if (!block_start(&s->io))
		return true;
	kfree(s);
	return false;
}
