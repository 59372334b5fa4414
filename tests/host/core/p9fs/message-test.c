/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Messages of 9P2000.L: what is written is what the protocol's description has; replies of wrong sizes, tags, types and contents are refused,
 * and nothing is read beyond them.
 * sources: core/p9fs/message.c core/base/string.c
 */
#include <core/errno.h>
#include <core/string.h>

#include "../../../../core/p9fs/message.h"
#include "../../host.h"

static uint8_t buffer[512];

static void test_writing(void)
{
	static const uint8_t want[] = { 26, 0, 0, 0, 110, 0x34, 0x12, 1,   0,   0,   0,    2,   0,
		                        0,  0, 1, 0, 7,   0,    'o',  'd', 'd', ' ', 0xff, '%', 'n' };
	struct p9_out m;

	p9_out_begin(&m, buffer, sizeof(buffer), P9_WALK, 0x1234);
	p9_put32(&m, 1);
	p9_put32(&m, 2);
	p9_put16(&m, 1);
	p9_put_string(&m, "odd \xff%n", 7);
	CHECK_EQ(p9_out_end(&m), sizeof(want));
	CHECK(!memcmp(buffer, want, sizeof(want)));
	for (size_t room = P9_HEADER; room < sizeof(want); room++) {
		uint8_t *small = malloc(room);

		p9_out_begin(&m, small, room, P9_WALK, 0x1234);
		p9_put64(&m, 1);
		p9_put16(&m, 1);
		p9_put_string(&m, "odd \xff%n", 7);
		CHECK_EQ(p9_out_end(&m), 0);
		free(small);
	}
	p9_out_begin(&m, buffer, sizeof(buffer), P9_WALK, 1);
	p9_put_string(&m, (char *)buffer, 0x10000);
	CHECK_EQ(p9_out_end(&m), 0);
}

/* A reply in memory of exactly its size. */
static int begin(struct p9_in *in, const uint8_t *bytes, size_t n, uint8_t **copy)
{
	*copy = memcpy(malloc(n ? n : 1), bytes, n);
	return p9_in_begin(in, *copy, n, P9_WALK, 5);
}

static void test_headers(void)
{
	static const struct {
		uint8_t bytes[16];
		unsigned n;
		int want;
	} cases[] = {
		{ { 7, 0, 0, 0, 111, 5, 0 }, 7, 0 },
		{ { 7, 0, 0, 0, 111, 5, 0, 99, 99 }, 9, 0 }, /* the device wrote more than the message */
		{ { 0 }, 0, -EPROTO },
		{ { 7, 0, 0, 0, 111, 5 }, 6, -EPROTO },
		{ { 6, 0, 0, 0, 111, 5, 0 }, 7, -EPROTO },
		{ { 8, 0, 0, 0, 111, 5, 0 }, 7, -EPROTO },
		{ { 0xff, 0xff, 0xff, 0xff, 111, 5, 0 }, 7, -EPROTO },
		{ { 7, 0, 0, 0, 111, 6, 0 }, 7, -EPROTO }, /* another request's tag */
		{ { 7, 0, 0, 0, 111, 5, 1 }, 7, -EPROTO },
		{ { 7, 0, 0, 0, 110, 5, 0 }, 7, -EPROTO }, /* a request */
		{ { 7, 0, 0, 0, 121, 5, 0 }, 7, -EPROTO }, /* another one's reply */
		{ { 11, 0, 0, 0, 7, 5, 0, 2, 0, 0, 0 }, 11, -ENOENT },
		{ { 11, 0, 0, 0, 7, 5, 0, 0, 0, 0, 0 }, 11, -EPROTO },
		{ { 11, 0, 0, 0, 7, 5, 0, 255, 255, 255, 255 }, 11, -EPROTO },
		{ { 11, 0, 0, 0, 7, 5, 0, 134, 0, 0, 0 }, 11, -EPROTO },
		{ { 10, 0, 0, 0, 7, 5, 0, 2, 0, 0, 0 }, 11, -EPROTO },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		struct p9_in in;
		uint8_t *copy;

		CHECK_EQ(begin(&in, cases[i].bytes, cases[i].n, &copy), cases[i].want);
		if (!cases[i].want)
			CHECK_EQ(in.left, 0);
		free(copy);
	}
}

/* An entry of a directory: qid, offset, type and name. */
static size_t put_entry(uint8_t *out, size_t room, uint8_t type, const char *name, size_t len)
{
	struct p9_out m = { out, out, room, false };

	p9_put8(&m, 0);
	p9_put32(&m, 1);
	p9_put64(&m, 77);
	p9_put64(&m, 0x7fffffffffffffff);
	p9_put8(&m, type);
	p9_put_string(&m, name, len);
	CHECK(!m.bad);
	return m.at - out;
}

static bool entry_is_good(uint8_t type, const char *name, size_t len)
{
	size_t n = put_entry(buffer, sizeof(buffer), type, name, len);
	struct p9_in in = { memcpy(malloc(n), buffer, n), n, false };
	const void *copy = in.at;
	struct p9_entry e;
	bool good = p9_get_entry(&in, &e);

	if (good)
		CHECK(e.qid.path == 77 && e.next == 0x7fffffffffffffff && e.len == len && !memcmp(e.name, name, len + 1) &&
		      !in.left);
	CHECK_EQ(in.bad, !good);
	free((void *)(uintptr_t)copy);
	return good;
}

static void test_entries(void)
{
	static char name[NAME_MAX + 2];
	struct p9_entry e;

	memset(name, 'x', NAME_MAX + 1);
	CHECK(entry_is_good(8, "a name\n\xff", 8));
	CHECK(!entry_is_good(8, "", 0));
	CHECK(!entry_is_good(8, "a/b", 3));
	CHECK(!entry_is_good(8, "/", 1));
	CHECK(!entry_is_good(8, "a\0b", 3));
	CHECK(!entry_is_good(16, "a", 1));
	CHECK(!entry_is_good(8, name, NAME_MAX + 1));
	name[NAME_MAX] = 0;
	CHECK(entry_is_good(4, name, NAME_MAX));
	/* One that runs over the end, wherever that is. */
	size_t whole = put_entry(buffer, sizeof(buffer), 8, "name", 4);

	for (size_t n = 1; n < whole; n++) {
		uint8_t *copy = memcpy(malloc(n), buffer, n);
		struct p9_in in = { copy, n, false };

		CHECK(!p9_get_entry(&in, &e) && in.bad);
		free(copy);
	}
	struct p9_in none = { buffer, 0, false };

	CHECK(!p9_get_entry(&none, &e) && !none.bad);
}

static bool attributes_are_good(uint64_t valid, uint8_t type, uint32_t mode, uint64_t size, uint64_t seconds,
                                struct p9_attributes *a)
{
	struct p9_out m = { buffer, buffer, sizeof(buffer), false };

	p9_put64(&m, valid);
	p9_put8(&m, type);
	p9_put32(&m, 0);
	p9_put64(&m, 1);
	p9_put32(&m, mode);
	for (unsigned i = 0; i < 2; i++)
		p9_put32(&m, 1000);
	p9_put64(&m, 1);
	p9_put64(&m, 0);
	p9_put64(&m, size);
	for (unsigned i = 0; i < 2; i++)
		p9_put64(&m, 8);
	for (unsigned i = 0; i < 8; i++)
		p9_put64(&m, i % 2 ? UINT64_MAX : seconds);
	struct p9_in in = { buffer, m.at - buffer, false };

	p9_get_attributes(&in, a);
	return !in.bad;
}

static void test_attributes(void)
{
	struct p9_attributes a;

	CHECK(attributes_are_good(0x7ff, 0, S_IFREG | 0644, INT64_MAX, 5, &a));
	CHECK(a.atime == 6 * NSEC_PER_SEC - 1 && a.uid == 1000 && a.blocks == 8);
	CHECK(attributes_are_good(0x3fff, P9_QID_DIR, S_IFDIR, 0, UINT64_MAX, &a) && !a.mtime);
	CHECK(attributes_are_good(0x7ff, 0, S_IFREG, 0, INT64_MAX, &a) && a.ctime == INT64_MAX);
	CHECK(!attributes_are_good(0x7ff, 0, S_IFREG, (uint64_t)INT64_MAX + 1, 0, &a));
	CHECK(!attributes_are_good(0x5ff, 0, S_IFREG, 0, 0, &a));
	CHECK(!attributes_are_good(0x7ff, 0, S_IFDIR, 0, 0, &a)); /* the qid is another type's */
	CHECK(!attributes_are_good(0x7ff, P9_QID_DIR, S_IFREG, 0, 0, &a));
	CHECK(!attributes_are_good(0x7ff, 0, 0, 0, 0, &a));
	CHECK(!attributes_are_good(0x7ff, 0, 0xffffffff, 0, 0, &a));
}

int main(void)
{
	test_writing();
	test_headers();
	test_entries();
	test_attributes();
	return 0;
}
