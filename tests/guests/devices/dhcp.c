/* SPDX-License-Identifier: BSD-3-Clause */
/* An address by DHCP (RFC 2131): discover, offer, request, acknowledgement. */
#include "net.h"

#define UDP_SIZE 8
#define DHCP_SIZE 300 /* the least that servers must take */
#define SERVER_PORT 67
#define CLIENT_PORT 68
#define OPTIONS 236 /* the cookie, then options */
#define COOKIE "\x63\x82\x53\x63"
#define OPTION_ROUTER 3
#define OPTION_ADDRESS 50
#define OPTION_KIND 53
#define OPTION_SERVER 54
#define OPTION_END 255
#define TRANSACTION 0x1d0
#define TRIES 5

enum { DISCOVER = 1, OFFER, REQUEST, ACKNOWLEDGE = 5 };

static const uint8_t everybody[6] = { 255, 255, 255, 255, 255, 255 };
static uint8_t offered[4], server[4];
static unsigned wanted_kind;

static const uint8_t *dhcp_of(const uint8_t *ip)
{
	return ip + IP_SIZE + UDP_SIZE;
}

/* The value of an option of @size bytes, NULL if it is not there. */
static const uint8_t *option(const uint8_t *ip, unsigned code, unsigned size)
{
	const uint8_t *p = dhcp_of(ip) + OPTIONS + 4, *end = ip + get16(ip + 2);

	while (p + 2 <= end && *p != OPTION_END) {
		if (!*p) {
			p++;
			continue;
		}
		if (p + 2 + p[1] > end)
			return NULL;
		if (*p == code && p[1] >= size)
			return p + 2;
		p += 2 + p[1];
	}
	return NULL;
}

static bool is_answer(unsigned type, const uint8_t *ip)
{
	const uint8_t *p = dhcp_of(ip), *kind;

	if (type != IPV4 || ip[0] != 0x45 || ip[9] != UDP || get16(ip + IP_SIZE + 2) != CLIENT_PORT)
		return false;
	if (p[0] != 2 || get16(p + 6) != TRANSACTION || memcmp(p + 28, own_mac, 6) || memcmp(p + OPTIONS, COOKIE, 4))
		return false;
	kind = option(ip, OPTION_KIND, 1);
	return kind && *kind == wanted_kind && option(ip, OPTION_SERVER, 4);
}

static uint8_t *put_option(uint8_t *p, unsigned code, const uint8_t *value, unsigned size)
{
	*p++ = (uint8_t)code;
	*p++ = (uint8_t)size;
	memcpy(p, value, size);
	return p + size;
}

/* Send a message of @kind and wait for an answer of kind @answered. */
static bool ask(uint8_t kind, unsigned answered)
{
	uint8_t *udp = net_ip(everybody, everybody, UDP, UDP_SIZE + DHCP_SIZE), *p = udp + UDP_SIZE, *options = p + OPTIONS + 4;

	put16(udp, CLIENT_PORT);
	put16(udp + 2, SERVER_PORT);
	put16(udp + 4, UDP_SIZE + DHCP_SIZE);
	p[0] = 1;
	p[1] = 1;
	p[2] = 6;
	put16(p + 6, TRANSACTION);
	memcpy(p + 28, own_mac, 6);
	memcpy(p + OPTIONS, COOKIE, 4);
	options = put_option(options, OPTION_KIND, &kind, 1);
	if (kind == REQUEST) {
		options = put_option(options, OPTION_ADDRESS, offered, 4);
		options = put_option(options, OPTION_SERVER, server, 4);
	}
	*options = OPTION_END;
	put16(udp + 6, net_transport_checksum(udp - IP_SIZE, UDP_SIZE + DHCP_SIZE));
	wanted_kind = answered;
	return net_exchange(HEADER + IP_SIZE + UDP_SIZE + DHCP_SIZE, is_answer, 2000);
}

static bool get_address(void)
{
	const uint8_t *ip = answer + HEADER, *router;

	memset(own_ip, 0, 4);
	if (!ask(DISCOVER, OFFER))
		return false;
	memcpy(offered, dhcp_of(ip) + 16, 4);
	memcpy(server, option(ip, OPTION_SERVER, 4), 4);
	if (!ask(REQUEST, ACKNOWLEDGE))
		return false;
	router = option(ip, OPTION_ROUTER, 4);
	memcpy(own_ip, dhcp_of(ip) + 16, 4);
	memcpy(peer_ip, router ? router : server, 4);
	return true;
}

void check_dhcp(void)
{
	if (!net_start())
		return fail("no card");
	for (unsigned i = 0; i < parameter_number("tries", TRIES); i++) {
		if (!get_address())
			continue;
		note("address %u.%u.%u.%u, router %u.%u.%u.%u", own_ip[0], own_ip[1], own_ip[2], own_ip[3], peer_ip[0],
		     peer_ip[1], peer_ip[2], peer_ip[3]);
		return;
	}
	fail("no answer");
}
