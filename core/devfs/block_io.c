/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reads and writes of block devices. When offset, lengths and addresses suit the device, it works directly on the caller's
 * memory. Otherwise the data goes through a bounce buffer, and a write of part of a sector reads the rest of it first; such
 * writes exclude each other.
 */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/string.h>

#include "internal.h"

#define VEC_MAX 64
#define MEMORY_ALIGN 512u
#define BOUNCE_ORDER 4 /* 64 KiB; a single page when memory is short of that */
_Static_assert(BLOCK_SECTOR_MAX <= PAGE_SIZE, "a bounce buffer holds at least a sector");

static struct mutex partial_lock = MUTEX_INIT(partial_lock);

bool block_suits(const struct block_dev *dev, struct iov_iter it, off_t pos)
{
	/* A sector that lies in two pages needs two segments. */
	size_t len, align = dev->max_segments == 1 ? dev->sector_size : MEMORY_ALIGN;

	if (pos % dev->sector_size || it.left % dev->sector_size)
		return false;
	for (void *p = iov_peek(&it, &len); len; p = iov_peek(&it, &len)) {
		if ((uintptr_t)p % align || len % dev->sector_size)
			return false;
		iov_advance(&it, len);
	}
	return true;
}

static ssize_t direct(struct block_dev *dev, enum block_op op, struct iov_iter *it, off_t pos)
{
	struct block_vec vec[VEC_MAX];
	ssize_t done = 0;

	while (it->left) {
		struct block_memory m = { .vec = vec, .max = VEC_MAX };
		int ret = block_memory_get(&m, it, dev->sector_size, op == BLOCK_READ);
		size_t bytes = m.bytes;

		if (!ret) {
			ret = block_rw(dev, op, pos + done, vec, m.n);
			block_memory_put(&m);
		}
		if (ret)
			return done ? done : ret;
		done += bytes;
	}
	return done;
}

struct bounce {
	void *buf;
	unsigned order;
};

static int bounce_get(struct bounce *b)
{
	b->order = BOUNCE_ORDER;
	b->buf = page_alloc(b->order);
	if (!b->buf) {
		b->order = 0;
		b->buf = page_alloc(0);
	}
	return b->buf ? 0 : -ENOMEM;
}

static int rw_buffer(struct block_dev *dev, enum block_op op, off_t pos, void *buf, size_t len)
{
	struct block_vec vec = { buf, len };

	return block_rw(dev, op, pos, &vec, 1);
}

/* Fill the first and the last of the @len bytes' sectors at @start where [pos, pos + n) does not cover them. */
static int fill_edges(struct block_dev *dev, char *buf, off_t start, size_t len, off_t pos, size_t n)
{
	size_t ss = dev->sector_size;
	int ret = 0;

	if (pos != start)
		ret = rw_buffer(dev, BLOCK_READ, start, buf, ss);
	if (!ret && (pos + n) % ss && (len > ss || pos == start))
		ret = rw_buffer(dev, BLOCK_READ, start + len - ss, buf + len - ss, ss);
	return ret;
}

/* One bounce buffer's worth. Returns the count or -Exxx. */
static ssize_t bounce_step(struct block_dev *dev, enum block_op op, struct iov_iter *it, off_t pos, struct bounce *b)
{
	size_t ss = dev->sector_size, room = PAGE_SIZE << b->order;
	off_t start = ALIGN_DOWN(pos, (off_t)ss);
	size_t in = pos - start, n = MIN(it->left, room - in), len = ALIGN_UP(in + n, ss);
	struct iov_iter undo = *it;
	int ret;

	if (op == BLOCK_READ) {
		ret = rw_buffer(dev, op, start, b->buf, len);
		return ret ? ret : (ssize_t)iov_put(it, (char *)b->buf + in, n);
	}
	mutex_lock(&partial_lock);
	ret = fill_edges(dev, b->buf, start, len, pos, n);
	if (!ret) {
		iov_get(it, (char *)b->buf + in, n);
		ret = rw_buffer(dev, op, start, b->buf, len);
	}
	mutex_unlock(&partial_lock);
	if (ret)
		*it = undo;
	return ret ? ret : (ssize_t)n;
}

static ssize_t through_bounce(struct block_dev *dev, enum block_op op, struct iov_iter *it, off_t pos)
{
	struct bounce b;
	ssize_t done = 0, n = 0;

	if (bounce_get(&b))
		return -ENOMEM;
	while (it->left) {
		n = bounce_step(dev, op, it, pos + done, &b);
		if (n < 0)
			break;
		done += n;
	}
	page_free(b.buf, b.order);
	return done ? done : n;
}

static ssize_t transfer(struct file *f, enum block_op op, struct iov_iter *it, off_t *pos)
{
	struct block_dev *dev = f->priv;
	ssize_t n;

	it->left = MIN(it->left, dev->size - *pos);
	if (block_suits(dev, *it, *pos))
		n = direct(dev, op, it, *pos);
	else if (f->flags & O_DIRECT)
		n = -EINVAL; /* programs find the alignment that the device wants by trying */
	else
		n = through_bounce(dev, op, it, *pos);
	if (n > 0)
		*pos += n;
	return n;
}

ssize_t block_file_read(struct file *f, struct iov_iter *it, off_t *pos)
{
	struct block_dev *dev = f->priv;

	if (*pos < 0 || (uint64_t)*pos >= dev->size || !it->left)
		return 0;
	return transfer(f, BLOCK_READ, it, pos);
}

ssize_t block_file_write(struct file *f, struct iov_iter *it, off_t *pos)
{
	struct block_dev *dev = f->priv;
	ssize_t n;

	if (!it->left)
		return 0;
	if (*pos < 0 || (uint64_t)*pos >= dev->size)
		return -ENOSPC;
	n = transfer(f, BLOCK_WRITE, it, pos);
	if (n > 0 && (f->flags & O_DSYNC)) {
		int ret = f->ops->fsync(f, true);

		if (ret)
			return ret;
	}
	return n;
}
