/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a client of /dev/xen/xenbus has not read: messages in order, whatever the reader's buffers; events up to a limit, of which one line tells;
 * answers always; and nothing is left behind.
 * sources: drivers/xen-bus/inbox.c tests/host/stubs/alloc.c tests/host/stubs/sched.c
 */
#include <core/errno.h>
#include <core/log.h>
#include <core/string.h>

#include "../../../../drivers/xen-bus/inbox.h"
#include "../../host.h"

static unsigned lines;

void log_printf(enum log_level level __unused, const char *fmt __unused, ...)
{
	lines++;
}

void waitq_wake(struct waitq *q __unused, unsigned events __unused)
{
}

static char *to;

size_t iov_put(struct iov_iter *it, const void *from, size_t len)
{
	size_t n = MIN(len, it->left);

	memcpy(to, from, n);
	to += n;
	it->left -= n;
	return n;
}

static int add(struct inbox *in, unsigned type, uint32_t id, size_t len)
{
	static char payload[XENSTORE_PAYLOAD_MAX];
	struct xs_header h = { .type = type, .req_id = id, .len = len };
	struct xs_part parts[] = { { payload, len / 2 }, { payload + len / 2, len - len / 2 } };

	for (size_t i = 0; i < len; i++)
		payload[i] = (char)(id + i);
	return inbox_add(in, &h, parts, 2);
}

static void read_some(struct inbox *in, void *buf, size_t len, size_t expected)
{
	struct iov_iter it = { .left = len };

	to = buf;
	CHECK_EQ(inbox_read(in, &it), expected);
}

static void test_order(void)
{
	static char buf[8192];
	struct inbox in;
	uint32_t sent = 0, seen = 0;
	size_t have = 0, there = 0;

	inbox_init(&in);
	while (seen < 20000) {
		for (int n = rand() % 5; n; n--, sent++) {
			CHECK_EQ(add(&in, sent % 2 ? XS_READ : XS_WATCH_EVENT, sent, sent % 97), 0);
			there += sizeof(struct xs_header) + sent % 97;
		}
		size_t want = MIN((size_t)rand() % 200, sizeof(buf) - have), n = MIN(want, there);

		read_some(&in, buf + have, want, n);
		there -= n;
		have += n;
		while (have >= sizeof(struct xs_header)) {
			struct xs_header h;

			memcpy(&h, buf, sizeof(h));
			CHECK_EQ(h.req_id, seen);
			CHECK_EQ(h.len, seen % 97);
			if (have < sizeof(h) + h.len)
				break;
			for (size_t i = 0; i < h.len; i++)
				CHECK_EQ(buf[sizeof(h) + i], (char)(seen + i));
			have -= sizeof(h) + h.len;
			memmove(buf, buf + sizeof(h) + h.len, have);
			seen++;
		}
		CHECK_EQ(inbox_has_messages(&in), there != 0);
	}
	inbox_clear(&in);
	CHECK_EQ(host_live, 0);
}

static void test_flood(void)
{
	static char buf[XENSTORE_PAYLOAD_MAX];
	struct inbox in;
	unsigned kept = 0;

	inbox_init(&in);
	for (unsigned i = 0; i < 100000; i++)
		kept += !add(&in, XS_WATCH_EVENT, i, 48);
	CHECK_EQ(kept, INBOX_EVENT_BYTES / 64);
	CHECK_EQ(lines, 1);
	CHECK_EQ(add(&in, XS_READ, 1, 100), 0);
	CHECK_EQ(add(&in, XS_WATCH_EVENT, 2, 48), -ENOSPC);
	read_some(&in, buf, 64, 64);
	CHECK_EQ(add(&in, XS_WATCH_EVENT, 3, 48), 0);
	CHECK_EQ(lines, 1);
	inbox_clear(&in);
	CHECK_EQ(host_live, 0);
}

int main(void)
{
	test_order();
	test_flood();
	return 0;
}
