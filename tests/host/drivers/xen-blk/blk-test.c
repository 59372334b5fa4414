/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * xen-blk's requests against a back end written from Xen's blkif.h: data arrives unchanged; features that it turns out not to have go, and the
 * disk stays; a flood of failures is no flood of lines; an endless peer does not keep the handler; nonsense ends the disk and every request.
 * sources: drivers/xen-blk/blk.c drivers/xen-blk/pool.c drivers/xen-ring/ring.c tests/host/stubs/alloc.c tests/host/stubs/sched.c
 */
#include <core/errno.h>
#include <core/string.h>

#include "../../../../drivers/xen-blk/disk.h"
#include "../../host.h"

#define SIZE (1u << 20)
#define REFS 512

enum log_level log_level = LOG_WARN;

static struct disk disk;
static void *page_of[REFS];
static unsigned refs, lines, again, completed;
static uint8_t content[SIZE];
static uint32_t req_cons;
static int16_t status_of_transfers, status_of_others;

void log_printf(enum log_level level __unused, const char *fmt __unused, ...)
{
	lines++;
}

bool log_limit_allows(struct log_limit *l, enum log_level level __unused)
{
	return l->lines < LOG_LIMIT_LINES && ++l->lines;
}

int xen_event_notify(uint32_t port __unused)
{
	return 0;
}

void xen_event_again(uint32_t port __unused)
{
	again++;
}

void block_complete(struct block_req *req, int status)
{
	req->status = status;
	completed++;
	if (req->done)
		req->done(req);
}

int xen_grant_page_new(domid_t remote __unused, bool readonly __unused, struct xen_grant_page **out)
{
	struct xen_grant_page *p = malloc(sizeof(*p));

	CHECK(refs < REFS);
	*p = (struct xen_grant_page){ .data = aligned_alloc(PAGE_SIZE, PAGE_SIZE), .ref = refs };
	memset(p->data, 0, PAGE_SIZE);
	page_of[refs++] = p->data;
	*out = p;
	return 0;
}

bool xen_grant_page_end(struct xen_grant_page *p, unsigned *stuck __unused)
{
	free(p->data);
	free(p);
	return true;
}

static void start(void)
{
	disk = (struct disk){ .up = true, .segments_max = SEGMENTS_MAX };
	list_init(&disk.waiting);
	spinlock_init(&disk.lock, "test");
	disk.block = (struct block_dev){ .name = "xvda",
		                         .size = SIZE,
		                         .sector_size = 512,
		                         .max_bytes = SEGMENTS_MAX * PAGE_SIZE,
		                         .can_flush = true,
		                         .can_discard = true,
		                         .priv = &disk };
	refs = 0;
	disk.ring_page = pool_take(&disk.pool);
	xen_ring_init(&disk.ring, disk.ring_page->data, sizeof(union entry));
	req_cons = lines = again = completed = 0;
	status_of_transfers = status_of_others = BLKIF_OKAY;
}

static void stop(void)
{
	disk_stop(&disk);
	for (unsigned i = 0; i < ENTRIES; i++)
		disk_give_pages(&disk, &disk.slots[i]);
	pool_give(&disk.pool, disk.ring_page);
	pool_drain(&disk.pool, "xvda");
}

/* --- the back end ---------------------------------------------------------------------------------------------------------- */

static void transfer(bool write, uint64_t sector, const struct segment *s, unsigned n)
{
	uint8_t *at = content + sector * SECTOR;

	for (; n; n--, s++) {
		uint8_t *page = (uint8_t *)page_of[s->ref] + s->first * SECTOR;
		size_t len = (s->last - s->first + 1) * SECTOR;

		if (write)
			memcpy(at, page, len);
		else
			memcpy(page, at, len);
		at += len;
	}
}

/* Answer one request; false: there is none. */
static bool answer(void)
{
	struct xen_ring_page *page = disk.ring.page;
	union entry *slot = (union entry *)page->entries + req_cons % ENTRIES, e = *slot;
	struct response r = { .id = e.request.id, .operation = e.request.operation, .status = status_of_others };

	if (req_cons == page->req_prod)
		return false;
	req_cons++;
	if (e.request.operation == BLKIF_OP_INDIRECT) {
		transfer(e.indirect.real_operation == BLKIF_OP_WRITE, e.indirect.sector, page_of[e.indirect.pages[0]],
		         e.indirect.segments);
		r.id = e.indirect.id;
		r.status = status_of_transfers;
	} else if (e.request.operation <= BLKIF_OP_WRITE) {
		transfer(e.request.operation == BLKIF_OP_WRITE, e.request.sector, e.request.segment, e.request.segments);
		r.status = status_of_transfers;
	}
	slot->response = r;
	page->rsp_prod++;
	return true;
}

static void answer_all(void)
{
	while (answer())
		;
	disk_event(1, &disk);
}

static int run(enum block_op op, uint64_t offset, void *buf, size_t len)
{
	struct block_vec vec = { buf, len };
	struct block_req req = { .op = op, .offset = offset, .length = len, .vec = &vec, .nvec = len != 0, .status = 1 };

	disk_submit(&disk.block, &req);
	if (disk.up)
		answer_all();
	CHECK(req.status <= 0);
	return req.status;
}

/* --- tests ----------------------------------------------------------------------------------------------------------------- */

static void test_data(void)
{
	static uint8_t out[SEGMENTS_MAX * PAGE_SIZE], in[SEGMENTS_MAX * PAGE_SIZE];

	start();
	for (int i = 0; i < 500; i++) {
		size_t len = (1 + (unsigned)rand() % (sizeof(out) / SECTOR)) * SECTOR;
		uint64_t offset = (unsigned)rand() % ((SIZE - len) / SECTOR + 1) * SECTOR;

		memset(out, rand(), len);
		out[len - 1] = (uint8_t)i;
		CHECK_EQ(run(BLOCK_WRITE, offset, out, len), 0);
		memset(in, 0, len);
		CHECK_EQ(run(BLOCK_READ, offset, in, len), 0);
		CHECK(!memcmp(in, out, len));
	}
	CHECK_EQ(lines, 0);
	stop();
}

static void test_missing_features(void)
{
	static uint8_t buf[PAGE_SIZE];

	start();
	status_of_others = BLKIF_EOPNOTSUPP;
	CHECK_EQ(run(BLOCK_FLUSH, 0, NULL, 0), 0);
	CHECK(!disk.block.can_flush);
	uint32_t asked = req_cons;

	CHECK_EQ(run(BLOCK_FLUSH, 0, NULL, 0), 0);
	CHECK_EQ(req_cons, asked);
	CHECK_EQ(lines, 1);
	CHECK_EQ(run(BLOCK_DISCARD, 0, NULL, 0), -EOPNOTSUPP);
	CHECK(!disk.block.can_discard);
	CHECK_EQ(run(BLOCK_WRITE, 0, buf, sizeof(buf)), 0);
	stop();
	start(); /* several on their way when the first answer comes */
	struct block_req flushes[3] = { { .op = BLOCK_FLUSH, .status = 1 },
		                        { .op = BLOCK_FLUSH, .status = 1 },
		                        { .op = BLOCK_FLUSH, .status = 1 } };

	status_of_others = BLKIF_EOPNOTSUPP;
	for (int i = 0; i < 3; i++)
		disk_submit(&disk.block, &flushes[i]);
	answer_all();
	for (int i = 0; i < 3; i++)
		CHECK_EQ(flushes[i].status, 0);
	CHECK_EQ(lines, 1);
	stop();
}

static void test_failing_disk(void)
{
	static uint8_t buf[PAGE_SIZE];

	start();
	status_of_transfers = -1;
	for (int i = 0; i < 10000; i++)
		CHECK_EQ(run(BLOCK_WRITE, 0, buf, sizeof(buf)), -EIO);
	CHECK(lines <= LOG_LIMIT_LINES);
	stop();
}

/* Each completion makes a new request, which the back end has answered before anybody looks: a run of the handler ends all the same. */
static struct block_req endless;

static void once_more(struct block_req *req)
{
	disk_submit(&disk.block, req);
	answer();
}

static void test_endless(void)
{
	start();
	endless = (struct block_req){ .op = BLOCK_FLUSH, .done = once_more };
	disk_submit(&disk.block, &endless);
	answer();
	for (unsigned i = 1; i < 1000; i++) {
		disk_event(1, &disk);
		CHECK(completed <= i * ENTRIES);
	}
	endless.done = NULL;
	stop();
	start(); /* more requests than the ring has places */
	struct block_req many[4 * ENTRIES];

	for (unsigned i = 0; i < ARRAY_SIZE(many); i++) {
		many[i] = (struct block_req){ .op = BLOCK_FLUSH };
		disk_submit(&disk.block, &many[i]);
	}
	while (completed < ARRAY_SIZE(many)) {
		unsigned before = completed;

		answer_all();
		CHECK(completed > before && completed - before <= ENTRIES);
	}
	stop();
}

static void test_lies(void)
{
	static uint8_t buf[PAGE_SIZE];
	struct block_vec vec = { buf, sizeof(buf) };

	for (int i = 0; i < 2000; i++) {
		struct block_req reqs[3] = { 0 };

		start();
		for (int j = 0; j < 3; j++) {
			reqs[j] = (struct block_req){
				.op = BLOCK_READ, .length = sizeof(buf), .vec = &vec, .nvec = 1, .status = 1
			};
			disk_submit(&disk.block, &reqs[j]);
		}
		union entry *slot = (union entry *)disk.ring.page->entries;

		slot->response = (struct response){ .id = i % 2 ? (uint64_t)rand() << 20 : (uint64_t)(3 + rand() % 1000),
			                            .status = (int16_t)rand() };
		disk.ring.page->rsp_prod = i % 3 ? 1 : (uint32_t)rand() + 4;
		disk.ring.page->req_prod = (uint32_t)rand(); /* ours: it changes nothing */
		disk_event(1, &disk);
		CHECK(!disk.up);
		for (int j = 0; j < 3; j++)
			CHECK_EQ(reqs[j].status, -EIO);
		CHECK_EQ(run(BLOCK_READ, 0, buf, sizeof(buf)), -EIO);
		stop();
	}
}

int main(void)
{
	test_data();
	test_missing_features();
	test_failing_disk();
	test_endless();
	test_lies();
	return 0;
}
