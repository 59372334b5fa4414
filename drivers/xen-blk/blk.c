/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests and responses. */
#include <core/errno.h>
#include <core/log.h>
#include <core/string.h>

#include "disk.h"

void disk_give_pages(struct disk *d, struct slot *s)
{
	for (unsigned i = 0; i < s->pages; i++)
		pool_give(&d->pool, s->page[i]);
	if (s->indirect)
		pool_give(&d->pool, s->indirect);
	s->pages = 0;
	s->indirect = NULL;
}

static bool take_pages(struct disk *d, struct slot *s, unsigned pages)
{
	if (pages > SEGMENTS_DIRECT && !(s->indirect = pool_take(&d->pool)))
		return false;
	for (s->pages = 0; s->pages < pages; s->pages++) {
		s->page[s->pages] = pool_take(&d->pool);
		if (!s->page[s->pages]) {
			disk_give_pages(d, s);
			return false;
		}
	}
	return true;
}

/* Between the request's buffers and the slot's pages, which hold the data without gaps. */
static void copy(const struct slot *s, bool to_pages)
{
	uint64_t at = 0;

	for (unsigned i = 0; i < s->req->nvec; i++) {
		char *p = s->req->vec[i].base;

		for (size_t left = s->req->vec[i].len; left;) {
			char *page = s->page[at / PAGE_SIZE]->data + at % PAGE_SIZE;
			size_t n = MIN(left, PAGE_SIZE - at % PAGE_SIZE);

			if (to_pages)
				memcpy(page, p, n);
			else
				memcpy(p, page, n);
			p += n;
			at += n;
			left -= n;
		}
	}
}

static void list_segments(const struct slot *s, struct segment *out)
{
	uint64_t left = s->req->length;

	for (unsigned i = 0; i < s->pages; i++) {
		uint64_t n = MIN(left, PAGE_SIZE);

		out[i] = (struct segment){ s->page[i]->ref, 0, n / SECTOR - 1, 0 };
		left -= n;
	}
}

static void write_transfer(const struct disk *d, const struct slot *s, union entry *e, uint64_t id)
{
	const struct block_req *req = s->req;
	unsigned op = req->op == BLOCK_READ ? BLKIF_OP_READ : BLKIF_OP_WRITE;

	if (!s->indirect) {
		e->request = (struct request){
			.operation = op, .segments = s->pages, .handle = d->handle, .id = id, .sector = req->offset / SECTOR
		};
		list_segments(s, e->request.segment);
		return;
	}
	list_segments(s, (struct segment *)s->indirect->data);
	e->indirect = (struct request_indirect){ .operation = BLKIF_OP_INDIRECT,
		                                 .real_operation = op,
		                                 .segments = s->pages,
		                                 .id = id,
		                                 .sector = req->offset / SECTOR,
		                                 .handle = d->handle,
		                                 .pages = { s->indirect->ref } };
}

static struct slot *free_slot(struct disk *d)
{
	for (unsigned i = 0; i < ENTRIES; i++)
		if (!d->slots[i].req)
			return &d->slots[i];
	return NULL;
}

/* Put @req on the ring. Returns false when it must wait for others to end. */
static bool start(struct disk *d, struct block_req *req)
{
	bool transfer = req->op == BLOCK_READ || req->op == BLOCK_WRITE;
	struct slot *s = free_slot(d);
	union entry e = { .request = { 0 } };

	if (!s || (transfer && !take_pages(d, s, DIV_ROUND_UP(req->length, PAGE_SIZE))))
		return false;
	s->req = req;
	uint64_t id = s - d->slots;

	if (req->op == BLOCK_WRITE)
		copy(s, true);
	if (transfer)
		write_transfer(d, s, &e, id);
	else if (req->op == BLOCK_FLUSH)
		e.request = (struct request){ .operation = BLKIF_OP_FLUSH, .handle = d->handle, .id = id };
	else
		e.discard = (struct request_discard){ BLKIF_OP_DISCARD,    0, d->handle, id, req->offset / SECTOR,
			                              req->length / SECTOR };
	xen_ring_put(&d->ring, &e, sizeof(e));
	return true;
}

/* Show the back end what is new, and wake it if it asked for that. */
static void push(struct disk *d)
{
	if (d->up && xen_ring_push(&d->ring))
		xen_event_notify(d->port);
}

/* Does @req end at once, with *@status? */
static bool ends_at_once(const struct disk *d, const struct block_req *req, int *status)
{
	if (!d->up && !d->paused)
		*status = -EIO;
	else if (req->op == BLOCK_READ || req->op == BLOCK_WRITE)
		*status = !req->length || req->length % SECTOR || req->length > d->block.max_bytes ? -EINVAL : 1;
	else if (req->op == BLOCK_FLUSH)
		*status = d->block.can_flush; /* without a cache there is nothing to do */
	else
		*status = d->block.can_discard ? 1 : -EOPNOTSUPP;
	return *status != 1;
}

void disk_submit(struct block_dev *dev, struct block_req *req)
{
	struct disk *d = dev->priv;
	int status;

	spin_lock(&d->lock);
	bool ends = ends_at_once(d, req, &status);

	if (!ends && (!d->up || !list_empty(&d->waiting) || !start(d, req)))
		list_push_back(&d->waiting, &req->link);
	push(d);
	spin_unlock(&d->lock);
	if (ends)
		block_complete(req, status);
}

/* The lock is free: those who made the requests may make new ones. */
static void complete(struct list *done)
{
	struct block_req *req, *next;

	list_for_each_safe(req, next, done, link) {
		list_del(&req->link);
		block_complete(req, req->status);
	}
}

static void end_request(struct block_req *req, int status, struct list *done)
{
	req->status = status;
	list_push_back(done, &req->link);
}

/* Fail what is outstanding. The pages stay with the back end, which may still write to them. The lock is held. */
static void stop(struct disk *d, struct list *done)
{
	struct block_req *req, *next;

	d->up = d->paused = false;
	for (unsigned i = 0; i < ENTRIES; i++) {
		req = d->slots[i].req;
		d->slots[i].req = NULL;
		if (req)
			end_request(req, -EIO, done);
	}
	list_for_each_safe(req, next, &d->waiting, link) {
		list_del(&req->link);
		end_request(req, -EIO, done);
	}
}

static void broken(struct disk *d, const char *why, struct list *done)
{
	pr_err("%s: %s; the disk is gone", d->block.name, why);
	stop(d, done);
}

/* A back end may offer what it cannot do (it finds out when it asks its file system): then the feature is gone, not the disk. */
static int not_supported(struct disk *d, const struct block_req *req)
{
	if (req->op == BLOCK_FLUSH) {
		if (d->block.can_flush)
			pr_warn("%s: the back end cannot flush; it is not asked again", d->block.name);
		d->block.can_flush = false;
		return 0;
	}
	if (req->op == BLOCK_DISCARD)
		d->block.can_discard = false;
	return -EOPNOTSUPP;
}

static int result(struct disk *d, const struct block_req *req, int16_t status)
{
	if (status == BLKIF_OKAY)
		return 0;
	if (status == BLKIF_EOPNOTSUPP)
		return not_supported(d, req);
	log_ratelimited(&d->log, LOG_ERR, "%s: operation %d at byte %lu, length %lu, failed in the back end: EIO",
	                d->block.name, req->op, req->offset, req->length);
	return -EIO;
}

static void finish(struct disk *d, const struct response *r, struct list *done)
{
	if (r->id >= ENTRIES || !d->slots[r->id].req) {
		broken(d, "a response to no request", done);
		return;
	}
	struct slot *s = &d->slots[r->id];
	struct block_req *req = s->req;
	int status = result(d, req, r->status);

	if (req->op == BLOCK_READ && !status)
		copy(s, false);
	disk_give_pages(d, s);
	s->req = NULL;
	end_request(req, status, done);
}

static void start_waiting(struct disk *d)
{
	while (d->up && !list_empty(&d->waiting)) {
		struct block_req *req = list_first(&d->waiting, struct block_req, link);

		list_del(&req->link);
		if (!start(d, req)) {
			list_push_front(&d->waiting, &req->link);
			break;
		}
	}
	push(d);
}

/* Take the responses that are there, at most a ring full: a back end may answer as fast as we ask. */
static void take_responses(struct disk *d, struct list *done)
{
	int n = xen_ring_responses(&d->ring);

	if (n < 0)
		broken(d, "the ring's indices make no sense", done);
	for (; n > 0 && d->up; n--) {
		struct response r;

		xen_ring_peek(&d->ring, 0, &r, sizeof(r));
		xen_ring_skip(&d->ring, 1);
		finish(d, &r, done);
	}
	start_waiting(d);
}

void disk_event(uint32_t port, void *arg)
{
	struct disk *d = arg;
	struct list done = LIST_INIT(done);

	spin_lock(&d->lock);
	if (d->up)
		take_responses(d, &done);
	if (d->up) {
		xen_ring_arm(&d->ring, 1);
		if (xen_ring_responses(&d->ring))
			xen_event_again(port);
	}
	spin_unlock(&d->lock);
	complete(&done);
}

/* To do a request twice is harmless: its buffers are still as they were, and nobody relies on an order among those that had no answer. */
void disk_pause(struct disk *d)
{
	d->up = false;
	d->paused = true;
	for (unsigned i = ENTRIES; i--;) {
		struct slot *s = &d->slots[i];

		if (!s->req)
			continue;
		disk_give_pages(d, s);
		list_push_front(&d->waiting, &s->req->link);
		s->req = NULL;
	}
}

static void end_too_long(struct disk *d, struct list *done)
{
	struct block_req *req, *next;

	list_for_each_safe(req, next, &d->waiting, link) {
		bool transfer = req->op == BLOCK_READ || req->op == BLOCK_WRITE;

		if (!transfer || req->length <= d->block.max_bytes)
			continue;
		pr_err("%s: the new back end takes no request of %lu bytes", d->block.name, req->length);
		list_del(&req->link);
		end_request(req, -EIO, done);
	}
}

void disk_go_on(struct disk *d)
{
	struct list done = LIST_INIT(done);

	spin_lock(&d->lock);
	end_too_long(d, &done);
	d->paused = false;
	d->up = true;
	start_waiting(d);
	spin_unlock(&d->lock);
	complete(&done);
}

void disk_stop(struct disk *d)
{
	struct list done = LIST_INIT(done);

	spin_lock(&d->lock);
	stop(d, &done);
	spin_unlock(&d->lock);
	complete(&done);
}
