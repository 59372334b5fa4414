/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * net_complete_checksum(): frames of known checksums, the property that a receiver checks, and garbage, which must not be read beyond its
 * end (the sanitizer looks) nor changed where it is refused.
 * sources: core/net/checksum.c
 */
#include <core/net.h>

#include "../../host.h"

#define ROUNDS 300000

/* memcpy and memcmp of the C library */
void *memcpy(void *dst, const void *src, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memset(void *dst, int c, size_t n);

static const uint8_t udp4[] = {
	0,    0x16, 0x3e, 0,    0, 1,  0,    0x16, 0x3e, 0,   0,   2, 8,  0, /* Ethernet */
	0x45, 0,    0,    31,   0, 0,  0x40, 0,    64,   17,  0,   0, 10, 9, 0, 1, 10, 9, 0, 2, /* IPv4, 31 bytes */
	0x30, 0x39, 0,    53,   0, 11, 0xde, 0xad, 'a',  'b', 'c', /* UDP, odd length */
	0xff, 0xff, 0xff, 0xff, /* padding of the frame, no part of the datagram */
};

static unsigned get16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

/* What a receiver computes over pseudo header and segment: 0xffff when all is well. */
static unsigned verify(const uint8_t *addresses, size_t addresses_len, unsigned protocol, const uint8_t *segment, size_t len)
{
	uint32_t total = protocol + len;

	for (size_t i = 0; i < addresses_len; i += 2)
		total += get16(addresses + i);
	for (size_t i = 0; i < len; i++)
		total += segment[i] << (i % 2 ? 0 : 8);
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return total;
}

static void known(void)
{
	uint8_t f[sizeof(udp4)];

	memcpy(f, udp4, sizeof(f));
	CHECK(net_complete_checksum(f, sizeof(f)));
	CHECK_EQ(verify(f + 26, 8, 17, f + 34, 11), 0xffff);
	CHECK(!memcmp(f, udp4, 40));
	CHECK(!memcmp(f + 42, udp4 + 42, sizeof(f) - 42));
}

static void vlan(void)
{
	uint8_t f[sizeof(udp4) + 8];

	memcpy(f, udp4, 12);
	memcpy(f + 12, (uint8_t[]){ 0x88, 0xa8, 0, 5, 0x81, 0, 0, 7 }, 8);
	memcpy(f + 20, udp4 + 12, sizeof(udp4) - 12);
	CHECK(net_complete_checksum(f, sizeof(f)));
	CHECK_EQ(verify(f + 34, 8, 17, f + 42, 11), 0xffff);
}

/* A datagram whose sum comes out as 0 is sent with 0xffff. */
static void udp_zero(void)
{
	uint8_t f[sizeof(udp4)];

	memcpy(f, udp4, sizeof(f));
	CHECK(net_complete_checksum(f, sizeof(f)));
	/* Put the checksum's value into the data: then the rest sums up to 0. */
	unsigned c = get16(f + 40), word = get16(f + 42) + c;

	word = (word & 0xffff) + (word >> 16);
	f[42] = word >> 8;
	f[43] = word;
	CHECK(net_complete_checksum(f, sizeof(f)));
	CHECK_EQ(get16(f + 40), 0xffff);
}

static void tcp6(void)
{
	uint8_t f[14 + 40 + 16 + 23];

	for (size_t i = 0; i < sizeof(f); i++)
		f[i] = i * 37;
	f[12] = 0x86;
	f[13] = 0xdd;
	f[14] = 0x60;
	f[18] = 0;
	f[19] = sizeof(f) - 54;
	f[20] = 0; /* hop-by-hop options of 16 bytes, then TCP */
	f[54] = 6;
	f[55] = 1;
	CHECK(net_complete_checksum(f, sizeof(f)));
	CHECK_EQ(verify(f + 22, 32, 6, f + 70, 23), 0xffff);
}

static void refused(void)
{
	uint8_t f[sizeof(udp4)], before[sizeof(udp4)];

	for (unsigned kind = 0; kind < 6; kind++) {
		size_t len = sizeof(f);

		memcpy(f, udp4, sizeof(f));
		switch (kind) {
		case 0:
			f[20] = 0x20; /* more fragments */
			break;
		case 1:
			f[21] = 1; /* a later fragment */
			break;
		case 2:
			f[23] = 1; /* ICMP */
			break;
		case 3:
			len = 44; /* cut short */
			break;
		case 4:
			f[17] = 27; /* 7 bytes of UDP */
			break;
		case 5:
			f[13] = 6; /* ARP */
			break;
		}
		memcpy(before, f, sizeof(f));
		CHECK(!net_complete_checksum(f, len));
		CHECK(!memcmp(f, before, sizeof(f)));
	}
}

static void garbage(void)
{
	for (unsigned round = 0; round < ROUNDS; round++) {
		size_t len = rand() % 120;
		uint8_t *f = malloc(len ? len : 1);

		for (size_t i = 0; i < len; i++)
			f[i] = rand();
		if (len >= 15 && round % 2) {
			f[12] = round % 4 == 1 ? 8 : 0x86;
			f[13] = round % 4 == 1 ? 0 : 0xdd;
			f[14] = round % 4 == 1 ? 0x45 : 0x60;
		}
		if (len >= 24 && round % 8 == 1) {
			f[16] = 0;
			f[20] = f[21] = 0;
			f[23] = round % 16 == 1 ? 6 : 17;
		}
		net_complete_checksum(f, len);
		free(f);
	}
}

int main(void)
{
	known();
	vlan();
	udp_zero();
	tcp6();
	refused();
	garbage();
	return 0;
}
