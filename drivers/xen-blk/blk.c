/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests and responses. */
#include <core/errno.h>
#include <core/log.h>
#include <core/string.h>

#include "disk.h"

#define full_barrier() __atomic_thread_fence(__ATOMIC_SEQ_CST)

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

	if (!s || (transfer && !take_pages(d, s, DIV_ROUND_UP(req->length, PAGE_SIZE))))
		return false;
	s->req = req;
	union entry *e = &d->ring->entries[d->req_prod % ENTRIES];
	uint64_t id = s - d->slots;

	if (req->op == BLOCK_WRITE)
		copy(s, true);
	if (transfer)
		write_transfer(d, s, e, id);
	else if (req->op == BLOCK_FLUSH)
		e->request = (struct request){ .operation = BLKIF_OP_FLUSH, .handle = d->handle, .id = id };
	else
		e->discard = (struct request_discard){ BLKIF_OP_DISCARD,    0, d->handle, id, req->offset / SECTOR,
			                               req->length / SECTOR };
	d->req_prod++;
	return true;
}

/* Show the back end what is new, and wake it if it asked for that. */
static void push(struct disk *d)
{
	uint32_t old = d->ring->req_prod, new = d->req_prod;

	if (old == new)
		return;
	barrier();
	WRITE_ONCE(d->ring->req_prod, new);
	full_barrier();
	if (new - READ_ONCE(d->ring->req_event) < new - old)
		xen_event_notify(d->port);
}

static int refuse(const struct disk *d, const struct block_req *req)
{
	if (!d->up)
		return -EIO;
	if (req->op == BLOCK_READ || req->op == BLOCK_WRITE)
		return !req->length || req->length % SECTOR || req->length > d->block.max_bytes ? -EINVAL : 0;
	return (req->op == BLOCK_FLUSH ? d->block.can_flush : d->block.can_discard) ? 0 : -EOPNOTSUPP;
}

void disk_submit(struct block_dev *dev, struct block_req *req)
{
	struct disk *d = dev->priv;

	preempt_disable();
	int error = refuse(d, req);

	if (error)
		block_complete(req, error);
	else if (!list_empty(&d->waiting) || !start(d, req))
		list_push_back(&d->waiting, &req->link);
	if (d->up)
		push(d);
	preempt_enable();
}

static int result(const struct disk *d, const struct block_req *req, int16_t status)
{
	if (status == BLKIF_OKAY)
		return 0;
	if (status == BLKIF_EOPNOTSUPP)
		return -EOPNOTSUPP;
	pr_err("%s: operation %d at byte %lu, length %lu, failed in the back end: EIO", d->block.name, req->op, req->offset,
	       req->length);
	return -EIO;
}

static void broken(struct disk *d, const char *why)
{
	pr_err("%s: %s; the disk is gone", d->block.name, why);
	disk_stop(d);
}

static void finish(struct disk *d, const struct response *r)
{
	if (r->id >= ENTRIES || !d->slots[r->id].req) {
		broken(d, "a response to no request");
		return;
	}
	struct slot *s = &d->slots[r->id];
	struct block_req *req = s->req;
	int status = result(d, req, r->status);

	if (req->op == BLOCK_READ && !status)
		copy(s, false);
	disk_give_pages(d, s);
	s->req = NULL;
	block_complete(req, status);
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
	if (d->up)
		push(d);
}

void disk_event(uint32_t port __unused, void *arg)
{
	struct disk *d = arg;

	do {
		uint32_t end = READ_ONCE(d->ring->rsp_prod);

		barrier();
		if (end - d->rsp_cons > d->req_prod - d->rsp_cons) {
			if (d->up)
				broken(d, "the ring's indices make no sense");
			return;
		}
		while (d->up && d->rsp_cons != end) {
			struct response r = d->ring->entries[d->rsp_cons % ENTRIES].response;

			d->rsp_cons++;
			finish(d, &r);
		}
		start_waiting(d);
		WRITE_ONCE(d->ring->rsp_event, d->rsp_cons + 1);
		full_barrier();
	} while (d->up && READ_ONCE(d->ring->rsp_prod) != d->rsp_cons);
}

void disk_stop(struct disk *d)
{
	struct block_req *req, *next;

	preempt_disable();
	d->up = false;
	/* The pages stay with the back end, which may still write to them. */
	for (unsigned i = 0; i < ENTRIES; i++) {
		req = d->slots[i].req;
		d->slots[i].req = NULL;
		if (req)
			block_complete(req, -EIO);
	}
	list_for_each_safe(req, next, &d->waiting, link) {
		list_del(&req->link);
		block_complete(req, -EIO);
	}
	preempt_enable();
}
