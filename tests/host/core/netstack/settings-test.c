/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The kernel argument "ip=".
 * sources: core/netstack/settings.c core/base/string.c core/base/printf.c
 */
#include <core/errno.h>
#include <core/netstack.h>
#include <core/string.h>

#include "../../host.h"

static struct netstack_settings s;

static void bytes(const uint8_t *have, uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
	const uint8_t want[4] = { a, b, c, d };

	CHECK(!memcmp(have, want, 4));
}

static void words(void)
{
	CHECK_EQ(netstack_parse(NULL, &s), 0);
	CHECK_EQ(s.how, NETSTACK_OFF);
	CHECK_EQ(netstack_parse("off", &s), 0);
	CHECK_EQ(s.how, NETSTACK_OFF);
	CHECK_EQ(netstack_parse("none other=1", &s), 0);
	CHECK_EQ(s.how, NETSTACK_OFF);
	CHECK_EQ(netstack_parse("dhcp other=1:2", &s), 0);
	CHECK_EQ(s.how, NETSTACK_DHCP);
	CHECK_EQ(s.device, -1);
	CHECK_EQ(netstack_parse(":::::eth2:dhcp", &s), 0);
	CHECK_EQ(s.how, NETSTACK_DHCP);
	CHECK_EQ(s.device, 2);
	CHECK_EQ(netstack_parse("::::name::dhcp", &s), 0);
	CHECK(!strcmp(s.host, "name"));
}

static void addresses(void)
{
	CHECK_EQ(netstack_parse("10.0.2.15", &s), 0);
	CHECK_EQ(s.how, NETSTACK_STATIC);
	bytes(s.address, 10, 0, 2, 15);
	bytes(s.mask, 255, 0, 0, 0);
	CHECK_EQ(netstack_parse("192.168.7.9:1.2.3.4:192.168.7.1:255.255.0.0:host:eth0:off:8.8.8.8:9.9.9.9:1.1.1.1 x", &s), 0);
	CHECK_EQ(s.how, NETSTACK_STATIC);
	CHECK_EQ(s.device, 0);
	bytes(s.gateway, 192, 168, 7, 1);
	bytes(s.mask, 255, 255, 0, 0);
	bytes(s.dns[0], 8, 8, 8, 8);
	bytes(s.dns[1], 9, 9, 9, 9);
	CHECK(!strcmp(s.host, "host"));
	CHECK_EQ(netstack_parse("172.16.0.1::", &s), 0);
	bytes(s.mask, 255, 255, 0, 0);
	CHECK_EQ(netstack_parse("193.0.0.1:", &s), 0);
	bytes(s.mask, 255, 255, 255, 0);
}

static void refused(void)
{
	static const char *const bad[] = {
		"",
		" ",
		"dhcpx",
		"10.0.2",
		"10.0.2.256",
		"10.0.2.1.",
		"10.0.2.-1",
		"10.0.2.1x",
		"1.2.3.4:::::tap0",
		"1.2.3.4:::::eth",
		"1.2.3.4:::::eth0x",
		"1.2.3.4:::::eth99999999999999999999",
		"1.2.3.4::::::maybe",
		"1.2.3.4:::::::::::",
		"99999999999999999999.1.1.1",
		"1.2.3.4:5.6",
		".1.2.3",
		"1..2.3",
		"1.2.3.4::::abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij",
	};

	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++) {
		CHECK_EQ(netstack_parse(bad[i], &s), -EINVAL);
		CHECK_EQ(s.how, NETSTACK_OFF);
	}
}

int main(void)
{
	words();
	addresses();
	refused();
	return 0;
}
