/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Answers of rtnetlink: well-formed at every size of buffer, and nothing is written behind it.
 * sources: posix/inet/netlink_answer.c core/base/string.c core/base/printf.c
 */
#include <core/string.h>

#include "../../../../posix/inet/inet.h"
#include "../../../../posix/inet/netlink.h"
#include "../../host.h"

#define SIZE 1024
#define MARK 0x5a

static const struct netstack_interface card = {
	.index = 2,
	.name = "eth0",
	.up = true,
	.running = true,
	.mtu = 1500,
	.mac = { 82, 84, 0, 0, 0, 1 },
	.address = { 10, 0, 2, 15 },
	.mask = { 255, 255, 255, 0 },
	.address6 = { { 0xfe, 0x80, [15] = 1 }, { 0x20, 1, [15] = 2 } },
	.count6 = 2,
};

unsigned inet_interface_flags(const struct netstack_interface *in)
{
	return in->up ? IFF_UP : 0;
}

bool inet_interface_has_address(const struct netstack_interface *in)
{
	return in->address[0];
}

/* How many messages there are; their lengths end where the answer does. */
static unsigned count(const struct nl_answer *a)
{
	unsigned n = 0;
	size_t at = 0;

	while (at < a->len) {
		struct nl_header h;

		CHECK(a->len - at >= sizeof(h));
		memcpy(&h, a->buf + at, sizeof(h));
		CHECK(h.len >= sizeof(h) && h.len <= a->len - at && h.len % 4 == 0);
		CHECK_EQ(h.sequence, 77);
		at += h.len;
		n++;
	}
	return n;
}

static void build(struct nl_answer *a)
{
	nl_add_link(a, &card);
	nl_add_addresses(a, &card, 0);
	nl_add_done(a);
}

int main(void)
{
	static char buf[SIZE];
	struct nl_answer a = { .buf = buf, .size = SIZE, .sequence = 77 };

	build(&a);
	CHECK(!a.full);
	CHECK_EQ(count(&a), 5);
	size_t whole = a.len;

	for (size_t size = 0; size < whole; size++) {
		memset(buf, MARK, sizeof(buf));
		a = (struct nl_answer){ .buf = buf, .size = size, .sequence = 77 };
		build(&a);
		CHECK(a.full && a.len <= size);
		for (size_t i = size; i < sizeof(buf); i++)
			CHECK_EQ(buf[i], MARK);
	}
	a = (struct nl_answer){ .buf = buf, .size = SIZE, .sequence = 77 };
	nl_add_addresses(&a, &card, AF_INET);
	CHECK_EQ(count(&a), 1);
	nl_add_error(&a, -95, &(struct nl_header){ .len = 16 });
	CHECK_EQ(count(&a), 2);
	return 0;
}
