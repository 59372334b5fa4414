/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A disk against a back end that answers what the input says, and writes what it likes, beside a model of its requests: each ends exactly
 * once, and when the disk goes no page is left.
 * sources: drivers/xen-blk/blk.c drivers/xen-blk/pool.c drivers/xen-ring/ring.c tests/fuzz/stubs/quiet.c tests/fuzz/stubs/xen.c tests/fuzz/stubs/grant.c tests/host/stubs/alloc.c tests/host/stubs/sched.c
 */
#include <core/alloc.h>
#include <core/string.h>

#include "../../../drivers/xen-blk/disk.h"
#include "../fuzz.h"

#define REQUESTS_MAX 48

struct known {
	struct block_req req;
	struct block_vec vec;
	uint8_t *data;
	bool out, ended; /* submitted; done() was called */
};

static struct disk *disk;
static struct known known[REQUESTS_MAX];
static unsigned live_requests;

void block_complete(struct block_req *req, int status)
{
	req->status = status;
	req->done(req);
}

static void done(struct block_req *req)
{
	struct known *k = container_of(req, struct known, req);

	CHECK(k >= known && k < known + REQUESTS_MAX);
	CHECK(k->out && !k->ended);
	k->ended = true;
	CHECK(live_requests--);
}

static void forget(struct known *k)
{
	free(k->data);
	*k = (struct known){ 0 };
}

static void submit(struct input *in)
{
	struct known *k = &known[take8(in) % REQUESTS_MAX];
	size_t len = (take8(in) % 24 + 1) * SECTOR * (take8(in) % 4 ? 1 : 8);

	if (k->ended)
		forget(k);
	if (k->out)
		return;
	k->data = malloc(len);
	memset(k->data, take8(in), len);
	k->vec = (struct block_vec){ k->data, len };
	k->req = (struct block_req){
		.op = take8(in) % 4, .offset = take16(in) * SECTOR, .length = len, .vec = &k->vec, .nvec = 1, .done = done
	};
	k->out = true;
	live_requests++;
	disk_submit(&disk->block, &k->req);
}

/* The back end answers a request that is there, or one that is not. */
static void answer(struct input *in)
{
	struct xen_ring_page *r = disk->ring.page;
	union entry *entries = (union entry *)r->entries;
	unsigned id = take8(in) % (ENTRIES + 2);
	int16_t status = (int8_t)take8(in) % 4;

	entries[r->rsp_prod % ENTRIES].response = (struct response){ .id = id, .status = status };
	r->rsp_prod++;
}

static void step(struct input *in)
{
	switch (take8(in) % 6) {
	case 0:
	case 1:
		submit(in);
		break;
	case 2:
		answer(in);
		break;
	case 3:
		disk_event(1, disk);
		break;
	case 4:
		((uint8_t *)disk->ring.page)[take16(in) % PAGE_SIZE] = take8(in);
		break;
	default:
		disk->ring.page->rsp_prod += take8(in) % 3;
	}
}

static void start(struct input *in)
{
	disk = kzalloc(sizeof(*disk));
	list_init(&disk->waiting);
	disk->segments_max = take8(in) % 2 ? SEGMENTS_MAX : SEGMENTS_DIRECT;
	disk->block = (struct block_dev){ .name = "xvda",
		                          .max_bytes = disk->segments_max * PAGE_SIZE,
		                          .can_flush = true,
		                          .can_discard = take8(in) % 2,
		                          .priv = disk };
	disk->ring_page = pool_take(&disk->pool);
	xen_ring_init(&disk->ring, disk->ring_page->data, sizeof(union entry));
	disk->up = true;
}

/* The device goes: all that is outstanding ends, and no memory is left. */
static void end(long live)
{
	disk_stop(disk);
	CHECK_EQ(live_requests, 0);
	for (unsigned i = 0; i < REQUESTS_MAX; i++)
		forget(&known[i]);
	for (unsigned i = 0; i < ENTRIES; i++)
		disk_give_pages(disk, &disk->slots[i]);
	pool_give(&disk->pool, disk->ring_page);
	pool_drain(&disk->pool, "xvda");
	kfree(disk);
	CHECK_EQ(host_live, live);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	long live = host_live;

	start(&in);
	while (in.left)
		step(&in);
	end(live);
	return 0;
}
