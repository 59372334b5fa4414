/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Queues shared with a peer: entries pass once and in order, whatever their size and number; a peer that writes over our index changes nothing;
 * one whose index is inconsistent gets -EPROTO; and nothing outside of the entries is touched.
 * sources: core/base/peer_queue.c
 */
#include <core/errno.h>
#include <core/peer_queue.h>
#include <core/string.h>

#include "../../host.h"

#define ROUNDS 20000
#define ENTRIES_MAX 64
#define SIZE_MAX_ENTRY 40

struct shared {
	uint32_t prod, cons;
};

static struct shared *shared;
static char *entries;
static struct peer_queue in, out;

static void start(uint32_t count, uint32_t size, uint32_t index)
{
	free(shared);
	free(entries);
	shared = malloc(sizeof(*shared));
	entries = malloc((size_t)count * size);
	*shared = (struct shared){ index, index };
	peer_queue_init(&out, entries, count, size, &shared->prod, &shared->cons);
	peer_queue_init(&in, entries, count, size, &shared->cons, &shared->prod);
}

static void fill(char *entry, unsigned n, uint32_t size)
{
	for (uint32_t i = 0; i < size; i++)
		entry[i] = (char)(n * 31 + i);
}

static void test_order(uint32_t count, uint32_t size, uint32_t index)
{
	static char from[ENTRIES_MAX * SIZE_MAX_ENTRY], to[ENTRIES_MAX * SIZE_MAX_ENTRY], want[SIZE_MAX_ENTRY];
	unsigned sent = 0, seen = 0;

	start(count, size, index);
	while (seen < ROUNDS) {
		uint32_t n = (unsigned)rand() % (count + 3);
		int room = peer_queue_room(&out);

		n = MIN(n, (uint32_t)ENTRIES_MAX);
		for (uint32_t i = 0; i < n; i++)
			fill(from + i * size, sent + i, size);
		int put = peer_queue_put(&out, from, n);

		CHECK_EQ(put, MIN((int)n, room));
		sent += put;
		CHECK_EQ(peer_queue_waiting(&in), sent - seen);
		CHECK_EQ(peer_queue_unread(&out), sent - seen);
		int got = peer_queue_peek(&in, to, (unsigned)rand() % ENTRIES_MAX);

		for (int i = 0; i < got; i++) {
			fill(want, seen + i, size);
			CHECK(!memcmp(to + i * size, want, size));
		}
		peer_queue_skip(&in, got);
		seen += got;
	}
}

/* Our index in the page is the peer's to spoil, and ours to ignore. */
static void test_own_index(void)
{
	char byte = 'a', got;

	start(16, 1, 5);
	CHECK_EQ(peer_queue_put(&out, &byte, 1), 1);
	shared->prod = 77;
	CHECK_EQ(peer_queue_put(&out, &byte, 1), 1);
	CHECK_EQ(shared->prod, 7);
	shared->cons = 1234567; /* of the consumer's own */
	CHECK_EQ(peer_queue_waiting(&in), 2);
	CHECK_EQ(peer_queue_peek(&in, &got, 1), 1);
	peer_queue_skip(&in, 1);
	CHECK_EQ(shared->cons, 6);
}

static void test_lies(void)
{
	static char buffer[ENTRIES_MAX * SIZE_MAX_ENTRY];

	for (int i = 0; i < ROUNDS; i++) {
		uint32_t count = 1 + (unsigned)rand() % ENTRIES_MAX, size = 1 + (unsigned)rand() % SIZE_MAX_ENTRY;
		uint32_t lie = count + 1 + (unsigned)rand();

		start(count, size, 0);
		shared->prod = lie;
		CHECK_EQ(peer_queue_waiting(&in), -EPROTO);
		CHECK_EQ(peer_queue_peek(&in, buffer, count), -EPROTO);
		start(count, size, 0);
		shared->cons = lie;
		CHECK_EQ(peer_queue_room(&out), -EPROTO);
		CHECK_EQ(peer_queue_put(&out, buffer, 1), -EPROTO);
	}
}

int main(void)
{
	test_order(16, 1, 0);
	test_order(16, 1, 0xfffffff0u);
	test_order(51, 40, 0);
	test_order(1, 7, 0);
	test_own_index();
	test_lies();
	return 0;
}
