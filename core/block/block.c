/* SPDX-License-Identifier: BSD-3-Clause */
/* The registry of block devices, and synchronous requests: split by the device's limits, one part after the other. */
#include <core/block.h>

#include <core/errno.h>
#include <core/log.h>
#include <core/sched.h>
#include <core/string.h>

#include "internal.h"

/* Vectors of one part; more of them just make more parts. */
#define PART_VEC 32

static struct list devices = LIST_INIT(devices);
static struct spinlock registry_lock = SPINLOCK_INIT("block: registry and users");
static struct mutex changing = MUTEX_INIT(changing); /* registrations, with what the listener does about them */
static const struct block_listener *listener;

struct sync_req {
	struct block_req req;
	struct waitq wait;
	bool done;
};

/* Where the next part starts. */
struct cursor {
	const struct block_vec *vec;
	unsigned left; /* vectors, this one included */
	size_t at; /* bytes of this one that are done */
};

struct part {
	struct block_vec vec[PART_VEC];
	unsigned n;
	uint64_t bytes;
	unsigned segments;
};

static struct block_dev *find(const char *name)
{
	struct block_dev *d;

	list_for_each(d, &devices, link)
		if (!strcmp(d->name, name))
			return d;
	return NULL;
}

struct block_dev *block_get(const char *name)
{
	spin_lock(&registry_lock);
	struct block_dev *d = find(name);

	if (d)
		d->users++;
	spin_unlock(&registry_lock);
	return d;
}

void block_put(struct block_dev *dev)
{
	spin_lock(&registry_lock);
	bool last = !--dev->users;

	spin_unlock(&registry_lock);
	if (last && dev->release)
		dev->release(dev);
}

bool block_in_use(const struct block_dev *dev)
{
	return READ_ONCE(dev->users) > 1;
}

static bool add(struct block_dev *dev)
{
	spin_lock(&registry_lock);
	bool ok = !find(dev->name);

	if (ok) {
		dev->users = 1;
		list_push_back(&devices, &dev->link);
	}
	spin_unlock(&registry_lock);
	return ok;
}

static void forget(struct block_dev *dev)
{
	spin_lock(&registry_lock);
	list_del(&dev->link);
	spin_unlock(&registry_lock);
}

int block_register(struct block_dev *dev)
{
	if (!block_check(dev))
		return -EINVAL;
	mutex_lock(&changing);
	int ret = add(dev) ? 0 : -EEXIST;

	if (!ret && listener) {
		ret = listener->appeared(dev);
		if (ret)
			forget(dev);
	}
	mutex_unlock(&changing);
	return ret;
}

void block_unregister(struct block_dev *dev)
{
	mutex_lock(&changing);
	forget(dev);
	if (listener)
		listener->gone(dev);
	mutex_unlock(&changing);
	block_put(dev);
}

void block_listen(const struct block_listener *l)
{
	struct block_dev *d;

	mutex_lock(&changing);
	listener = l;
	list_for_each(d, &devices, link) {
		int ret = l->appeared(d);

		if (ret)
			pr_err("%s: cannot be shown: errno %d", d->name, -ret);
	}
	mutex_unlock(&changing);
}

void block_complete(struct block_req *req, int status)
{
	req->status = status;
	req->done(req);
}

static void sync_done(struct block_req *req)
{
	struct sync_req *s = container_of(req, struct sync_req, req);

	s->done = true;
	waitq_wake(&s->wait, ~0u);
}

static int submit_and_wait(struct block_dev *dev, enum block_op op, uint64_t offset, uint64_t length, const struct part *part)
{
	struct sync_req s = { .req = { .op = op, .offset = offset, .length = length, .done = sync_done } };

	if (part) {
		s.req.vec = part->vec;
		s.req.nvec = part->n;
	}
	waitq_init(&s.wait);
	dev->submit(dev, &s.req);
	wait_event(&s.wait, READ_ONCE(s.done));
	return s.req.status;
}

/* Go on by @n bytes, and over empty vectors. */
static void advance(struct cursor *c, size_t n)
{
	while (c->left && (n || c->at == c->vec->len)) {
		size_t step = MIN(n, c->vec->len - c->at);

		n -= step;
		c->at += step;
		if (c->at == c->vec->len) {
			c->vec++;
			c->left--;
			c->at = 0;
		}
	}
}

/* How many bytes at @base fit into @segments pages. */
static size_t room_in_pages(const void *base, unsigned segments)
{
	return segments * PAGE_SIZE - ((uintptr_t)base & ~PAGE_MASK);
}

/* Add one piece to @part. Returns false when @part is full. */
static bool take_piece(const struct block_dev *dev, struct cursor *c, struct part *part)
{
	char *base = (char *)c->vec->base + c->at;
	size_t n = c->vec->len - c->at, limit = n;

	if (part->n == PART_VEC || (dev->max_segments && part->segments == dev->max_segments))
		return false;
	if (dev->max_segments)
		limit = MIN(limit, room_in_pages(base, dev->max_segments - part->segments));
	if (dev->max_bytes)
		limit = MIN(limit, dev->max_bytes - part->bytes);
	if (!limit)
		return false;
	part->vec[part->n++] = (struct block_vec){ base, limit };
	part->bytes += limit;
	part->segments += DIV_ROUND_UP(((uintptr_t)base & ~PAGE_MASK) + limit, PAGE_SIZE);
	advance(c, limit);
	return limit == n;
}

/* A part is whole sectors: drop the bytes beyond. */
static void trim(const struct block_dev *dev, struct part *part)
{
	size_t extra = part->bytes % dev->sector_size;

	part->bytes -= extra;
	while (extra) {
		struct block_vec *last = &part->vec[part->n - 1];
		size_t n = MIN(extra, last->len);

		last->len -= n;
		extra -= n;
		if (!last->len)
			part->n--;
	}
}

static int rw_parts(struct block_dev *dev, enum block_op op, uint64_t offset, struct cursor c)
{
	advance(&c, 0);
	while (c.left) {
		struct cursor ahead = c;
		struct part part = { .n = 0 };
		int ret;

		while (ahead.left && take_piece(dev, &ahead, &part))
			;
		trim(dev, &part);
		if (!part.bytes)
			return -EINVAL; /* one sector in more pieces than the device takes */
		ret = submit_and_wait(dev, op, offset, part.bytes, &part);
		if (ret)
			return ret;
		offset += part.bytes;
		advance(&c, part.bytes);
	}
	return 0;
}

static int discard_parts(struct block_dev *dev, uint64_t offset, uint64_t length)
{
	uint64_t most = dev->max_discard ? dev->max_discard : length;

	if (!dev->can_discard)
		return -EOPNOTSUPP;
	while (length) {
		uint64_t n = MIN(length, most);
		int ret = submit_and_wait(dev, BLOCK_DISCARD, offset, n, NULL);

		if (ret)
			return ret;
		offset += n;
		length -= n;
	}
	return 0;
}

int block_rw(struct block_dev *dev, enum block_op op, uint64_t offset, const struct block_vec *vec, unsigned nvec)
{
	uint64_t length = 0;

	for (unsigned i = 0; i < nvec; i++)
		length += vec[i].len;
	if ((op == BLOCK_WRITE || op == BLOCK_DISCARD) && dev->read_only)
		return -EROFS;
	if ((offset | length) % dev->sector_size)
		return -EINVAL;
	if (offset > dev->size || length > dev->size - offset)
		return op == BLOCK_WRITE ? -ENOSPC : -EINVAL;
	if (op == BLOCK_FLUSH)
		return dev->can_flush ? submit_and_wait(dev, op, 0, 0, NULL) : 0;
	if (op == BLOCK_DISCARD)
		return discard_parts(dev, offset, length);
	return rw_parts(dev, op, offset, (struct cursor){ .vec = vec, .left = nvec });
}
