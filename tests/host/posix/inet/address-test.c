/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Addresses as programs have them, and what the stack gets.
 * sources: posix/inet/address.c core/base/string.c core/base/printf.c
 */
#include <core/string.h>

#include "../../../../posix/inet/inet.h"
#include "../../host.h"

static struct netstack_address a;
static struct socket_name name;

static void version4(void)
{
	struct sockaddr_in in = { .family = AF_INET, .port = 0x5000, .addr = { 10, 1, 2, 3 } };

	CHECK_EQ(inet_address_read(AF_INET, &in, sizeof(in), &a), 0);
	CHECK_EQ(a.version, 4);
	CHECK_EQ(a.port, 80);
	CHECK(!memcmp(a.bytes, in.addr, 4));
	inet_address_name(AF_INET, &a, &name);
	CHECK_EQ(name.len, sizeof(in));
	CHECK(!memcmp(name.bytes, &in, sizeof(in)));
	CHECK_EQ(inet_address_read(AF_INET, &in, sizeof(in) - 1, &a), -EINVAL);
	CHECK_EQ(inet_address_read(AF_INET, &in, 1, &a), -EINVAL);
	CHECK_EQ(inet_address_read(AF_INET, NULL, sizeof(in), &a), -EFAULT);
	CHECK_EQ(inet_address_read(AF_INET6, &in, sizeof(in), &a), -EAFNOSUPPORT);
}

static void version6(void)
{
	struct sockaddr_in6 in = { .family = AF_INET6, .port = 0x5000, .addr = { 0xfe, 0x80, [15] = 1 }, .scope_id = 2 };

	CHECK_EQ(inet_address_read(AF_INET6, &in, sizeof(in), &a), 0);
	CHECK_EQ(a.version, 6);
	CHECK_EQ(a.scope, 2);
	inet_address_name(AF_INET6, &a, &name);
	CHECK_EQ(name.len, sizeof(in));
	CHECK(!memcmp(name.bytes, &in, sizeof(in)));
	CHECK_EQ(inet_address_read(AF_INET6, &in, SOCKADDR_IN6_MIN, &a), 0);
	CHECK_EQ(a.scope, 0);
	CHECK_EQ(inet_address_read(AF_INET6, &in, SOCKADDR_IN6_MIN - 1, &a), -EINVAL);
}

/* ::ffff:a.b.c.d is IPv4 in both directions. */
static void mapped(void)
{
	struct sockaddr_in6 in = { .family = AF_INET6, .addr = { [10] = 0xff, 0xff, 127, 0, 0, 1 } };

	CHECK_EQ(inet_address_read(AF_INET6, &in, sizeof(in), &a), 0);
	CHECK_EQ(a.version, 4);
	CHECK_EQ(a.bytes[0], 127);
	inet_address_name(AF_INET6, &a, &name);
	CHECK(!memcmp(name.bytes, &in, sizeof(in)));
}

static void unspecified(void)
{
	uint16_t family = AF_UNSPEC;

	CHECK_EQ(inet_address_read(AF_INET, &family, sizeof(family), &a), 0);
	CHECK_EQ(a.version, 0);
	inet_address_name(AF_INET6, &a, &name);
	CHECK(!memcmp(name.bytes + 8, (char[16]){ 0 }, 16));
}

int main(void)
{
	version4();
	version6();
	mapped();
	unspecified();
	return 0;
}
