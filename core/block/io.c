/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests of any size: split by the device's limits, one part after the other. */
#include <core/block.h>

#include <core/errno.h>
#include <core/sched.h>

/* Where a part stands between the two that may go on after it: who submits it, and who is told that it is done. */
enum pace { PACE_SUBMITTING, PACE_LEFT, PACE_DONE };

struct sync_io {
	struct block_io io;
	struct completion done;
};

void block_complete(struct block_req *req, int status)
{
	req->status = status;
	req->done(req);
}

/* Go on by @n bytes, and over empty vectors. */
static void advance(struct block_io *io, size_t n)
{
	while (io->nvec && (n || io->at == io->vec->len)) {
		size_t step = MIN(n, io->vec->len - io->at);

		n -= step;
		io->at += step;
		if (io->at == io->vec->len) {
			io->vec++;
			io->nvec--;
			io->at = 0;
		}
	}
}

/* How many bytes at @base fit into @segments pages. */
static size_t room_in_pages(const void *base, unsigned segments)
{
	return segments * PAGE_SIZE - ((uintptr_t)base & ~PAGE_MASK);
}

/* Append one piece to the part, which has *@segments so far. Returns false when it is full. */
static bool take_piece(struct block_io *io, unsigned *segments)
{
	const struct block_dev *dev = io->dev;
	struct block_req *req = &io->req;
	char *base = (char *)io->vec->base + io->at;
	size_t n = io->vec->len - io->at, limit = n;

	if (req->nvec == BLOCK_PART_VEC || (dev->max_segments && *segments == dev->max_segments))
		return false;
	if (dev->max_segments)
		limit = MIN(limit, room_in_pages(base, dev->max_segments - *segments));
	if (dev->max_bytes)
		limit = MIN(limit, dev->max_bytes - req->length);
	if (!limit)
		return false;
	io->part[req->nvec++] = (struct block_vec){ base, limit };
	req->length += limit;
	*segments += DIV_ROUND_UP(((uintptr_t)base & ~PAGE_MASK) + limit, PAGE_SIZE);
	advance(io, limit);
	return limit == n;
}

/* A part is whole sectors: drop the bytes beyond. */
static void trim(struct block_io *io)
{
	struct block_req *req = &io->req;
	size_t extra = req->length % io->dev->sector_size;

	req->length -= extra;
	while (extra) {
		struct block_vec *last = &io->part[req->nvec - 1];
		size_t n = MIN(extra, last->len);

		last->len -= n;
		extra -= n;
		if (!last->len)
			req->nvec--;
	}
}

/* The next part of a transfer. */
static void take_pieces(struct block_io *io)
{
	const struct block_vec *vec = io->vec;
	unsigned nvec = io->nvec, segments = 0;
	size_t at = io->at;

	io->req.vec = io->part;
	io->req.nvec = 0;
	io->req.length = 0;
	while (io->nvec && take_piece(io, &segments))
		;
	trim(io);
	io->vec = vec;
	io->nvec = nvec;
	io->at = at;
	advance(io, io->req.length);
}

/* Describe the next part. Returns false if none is to follow. */
static bool next_part(struct block_io *io)
{
	struct block_req *req = &io->req;

	if (io->status || !io->left)
		return false;
	req->offset = io->offset;
	if (io->op == BLOCK_FLUSH) {
		io->left = 0;
		return true;
	}
	if (io->op == BLOCK_DISCARD)
		req->length = io->dev->max_discard ? MIN(io->left, io->dev->max_discard) : io->left;
	else
		take_pieces(io);
	if (!req->length) {
		io->status = -EINVAL; /* one sector in more pieces than the device takes */
		return false;
	}
	io->offset += req->length;
	io->left -= req->length;
	return true;
}

/*
 * A part may be done before submit() returns, or in the middle of it by an interrupt. Whoever comes second, submit()'s return or done(), goes on:
 * no part is begun inside of another's submit(), so that the stack does not grow with the number of parts.
 */
static void run(struct block_io *io)
{
	do {
		if (!next_part(io)) {
			io->done(io);
			return;
		}
		__atomic_store_n(&io->pace, PACE_SUBMITTING, __ATOMIC_RELAXED);
		io->dev->submit(io->dev, &io->req);
	} while (__atomic_exchange_n(&io->pace, PACE_LEFT, __ATOMIC_ACQ_REL) == PACE_DONE);
}

static void part_done(struct block_req *req)
{
	struct block_io *io = container_of(req, struct block_io, req);

	io->status = req->status;
	if (__atomic_exchange_n(&io->pace, PACE_DONE, __ATOMIC_ACQ_REL) == PACE_LEFT)
		run(io);
}

static int check(const struct block_io *io, uint64_t length)
{
	const struct block_dev *dev = io->dev;

	if ((io->op == BLOCK_WRITE || io->op == BLOCK_DISCARD) && dev->read_only)
		return -EROFS;
	if ((io->offset | length) % dev->sector_size)
		return -EINVAL;
	if (io->offset > dev->size || length > dev->size - io->offset)
		return io->op == BLOCK_WRITE ? -ENOSPC : -EINVAL;
	return io->op == BLOCK_DISCARD && !dev->can_discard ? -EOPNOTSUPP : 0;
}

int block_start(struct block_io *io)
{
	uint64_t length = 0;

	for (unsigned i = 0; i < io->nvec; i++)
		length += io->vec[i].len;
	int ret = check(io, length);

	if (ret)
		return ret;
	io->left = io->op == BLOCK_FLUSH ? io->dev->can_flush : length;
	io->at = 0;
	io->status = 0;
	io->req = (struct block_req){ .op = io->op, .done = part_done };
	advance(io, 0);
	run(io);
	return 0;
}

static void sync_done(struct block_io *io)
{
	struct sync_io *s = container_of(io, struct sync_io, io);

	completion_signal(&s->done);
}

int block_rw(struct block_dev *dev, enum block_op op, uint64_t offset, const struct block_vec *vec, unsigned nvec)
{
	struct sync_io s;

	s.io.dev = dev;
	s.io.op = op;
	s.io.offset = offset;
	s.io.vec = vec;
	s.io.nvec = nvec;
	s.io.done = sync_done;
	completion_init(&s.done);
	int ret = block_start(&s.io);

	if (ret)
		return ret;
	completion_wait(&s.done);
	return s.io.status;
}
