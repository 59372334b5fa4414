/* SPDX-License-Identifier: BSD-3-Clause */
/* TCP and UDP checksums (RFC 1071, RFC 768, RFC 9293, RFC 8200 section 8.1) of whole Ethernet frames. */
#include <core/net.h>

#define TYPE_IPV4 0x0800u
#define TYPE_IPV6 0x86ddu
#define TYPE_VLAN 0x8100u
#define TYPE_SERVICE_VLAN 0x88a8u

#define PROTO_HOP_OPTIONS 0
#define PROTO_TCP 6
#define PROTO_UDP 17
#define PROTO_ROUTING 43
#define PROTO_DESTINATION_OPTIONS 60

#define IPV6_HEADER 40u

/* The part of a frame that a checksum covers, and what else goes into it. */
struct segment {
	uint8_t *data;
	size_t len;
	const uint8_t *addresses; /* source and destination, one after the other */
	size_t addresses_len;
	unsigned protocol;
};

static unsigned get16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

static uint64_t sum(const uint8_t *p, size_t len, uint64_t total)
{
	for (; len > 1; p += 2, len -= 2)
		total += get16(p);
	return len ? total + (p[0] << 8) : total;
}

static bool parse_ipv4(uint8_t *p, size_t len, struct segment *s)
{
	if (len < 20 || p[0] >> 4 != 4)
		return false;
	size_t header = (p[0] & 15) * 4u, total = get16(p + 2);

	if (header < 20 || total < header || total > len || (get16(p + 6) & 0x3fff)) /* more fragments, or an offset */
		return false;
	*s = (struct segment){ p + header, total - header, p + 12, 8, p[9] };
	return true;
}

/* Extension headers are skipped. A routing header with segments left would change the address; nobody sends that any more. */
static bool parse_ipv6(uint8_t *p, size_t len, struct segment *s)
{
	if (len < IPV6_HEADER || p[0] >> 4 != 6)
		return false;
	size_t at = IPV6_HEADER, end = IPV6_HEADER + get16(p + 4);
	unsigned next = p[6];

	if (end > len)
		return false;
	while (next == PROTO_HOP_OPTIONS || next == PROTO_ROUTING || next == PROTO_DESTINATION_OPTIONS) {
		if (at + 8 > end)
			return false;
		next = p[at];
		at += p[at + 1] * 8u + 8;
	}
	if (at > end)
		return false;
	*s = (struct segment){ p + at, end - at, p + 8, 32, next };
	return true;
}

static bool find_segment(uint8_t *frame, size_t len, struct segment *s)
{
	size_t at = NET_HEADER_SIZE;

	if (len < at)
		return false;
	unsigned type = get16(frame + at - 2);

	while ((type == TYPE_VLAN || type == TYPE_SERVICE_VLAN) && at + 4 <= len) {
		at += 4;
		type = get16(frame + at - 2);
	}
	if (type == TYPE_IPV4)
		return parse_ipv4(frame + at, len - at, s);
	return type == TYPE_IPV6 && parse_ipv6(frame + at, len - at, s);
}

bool net_complete_checksum(void *frame, size_t len)
{
	struct segment s;

	if (!find_segment(frame, len, &s))
		return false;
	size_t at = s.protocol == PROTO_TCP ? 16 : 6, least = s.protocol == PROTO_TCP ? 20 : 8;

	if ((s.protocol != PROTO_TCP && s.protocol != PROTO_UDP) || s.len < least)
		return false;
	s.data[at] = s.data[at + 1] = 0;
	uint64_t total = sum(s.data, s.len, sum(s.addresses, s.addresses_len, s.len + s.protocol));

	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	total = ~total & 0xffff;
	if (!total && s.protocol == PROTO_UDP)
		total = 0xffff; /* 0 means: none */
	s.data[at] = total >> 8;
	s.data[at + 1] = total;
	return true;
}
