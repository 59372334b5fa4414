/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests of block devices that go on by themselves. */
#include <core/alloc.h>

#include "internal.h"

struct started {
	struct block_io io;
	struct file_io *file_io;
	struct block_memory memory;
	struct block_vec vec[];
};

#define VEC_MAX 1024 /* longer requests can wait for their parts */

static void done(struct block_io *io)
{
	struct started *s = container_of(io, struct started, io);
	struct file_io *file_io = s->file_io;

	file_io->result = io->status ? io->status : (ssize_t)file_io->it.left;
	block_memory_put(&s->memory);
	kfree(s);
	file_io->done(file_io);
}

/* In how many pages a request lies, at most. */
static size_t count_pages(struct iov_iter it)
{
	size_t n = 0, len;

	for (char *p = iov_peek(&it, &len); len; p = iov_peek(&it, &len)) {
		n += DIV_ROUND_UP(((uintptr_t)p & ~PAGE_MASK) + len, PAGE_SIZE);
		iov_advance(&it, len);
	}
	return n;
}

/* All of it at once: what the program maps in its place later is none of the device's business. */
static bool hold(struct started *s, const struct block_dev *dev)
{
	struct iov_iter it = s->file_io->it;

	if (!it.left)
		return true;
	if (block_memory_get(&s->memory, &it, dev->sector_size, s->file_io->op == FILE_IO_READ))
		return false;
	if (it.left)
		block_memory_put(&s->memory);
	return !it.left;
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
	size_t n = 0;

	if (file_io->op == FILE_IO_SYNC)
		file_io->it.left = 0;
	else if (!file_io->it.left || !is_plain(f, file_io))
		return false;
	else
		n = count_pages(file_io->it);
	struct started *s = n <= VEC_MAX ? kmalloc(sizeof(*s) + n * sizeof(s->vec[0])) : NULL;

	if (!s)
		return false;
	s->file_io = file_io;
	s->memory = (struct block_memory){ .vec = s->vec, .max = (unsigned)n };
	if (!hold(s, f->priv)) {
		kfree(s);
		return false;
	}
	s->io.dev = f->priv;
	s->io.op = op_of[file_io->op];
	s->io.offset = n ? file_io->pos : 0;
	s->io.vec = s->vec;
	s->io.nvec = s->memory.n;
	s->io.done = done;
	if (!block_start(&s->io))
		return true;
	block_memory_put(&s->memory);
	kfree(s);
	return false;
}
