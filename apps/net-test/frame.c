/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

#define PING_ID 0x4242

static const uint8_t peer_ip[4] = { 10, 9, 0, 1 };
static uint8_t our_ip[4] = { 10, 9, 0, 0 };
uint8_t peer_mac[6];

void choose_address(void)
{
	our_ip[3] = 1 + our_mac[5];
}

static void put16(uint8_t *p, unsigned value)
{
	p[0] = value >> 8;
	p[1] = value;
}

static unsigned get16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

uint16_t checksum(const void *data, size_t len, uint32_t total)
{
	const uint8_t *p = data;

	for (size_t i = 0; i < len; i++)
		total += p[i] << (i % 2 ? 0 : 8);
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return ~total;
}

/* What a TCP checksum includes of the IP header. */
uint32_t pseudo_sum(const uint8_t *ip)
{
	uint32_t total = ip[9] + get16(ip + 2) - IP_SIZE;

	for (unsigned i = 12; i < 20; i += 2)
		total += get16(ip + i);
	return total;
}

static uint8_t *start(uint8_t *frame, unsigned type)
{
	memcpy(frame, peer_mac, 6);
	memcpy(frame + 6, our_mac, 6);
	put16(frame + 12, type);
	return frame + ETHERNET_SIZE;
}

size_t make_arp(uint8_t *frame)
{
	uint8_t *p = start(frame, 0x806);

	memset(frame, 0xff, 6);
	memcpy(p, "\0\1\10\0\6\4\0\1", 8);
	memcpy(p + 8, our_mac, 6);
	memcpy(p + 14, our_ip, 4);
	memset(p + 18, 0, 6);
	memcpy(p + 24, peer_ip, 4);
	return ETHERNET_SIZE + 28;
}

bool is_arp_reply(const uint8_t *frame, size_t len)
{
	const uint8_t *p = frame + ETHERNET_SIZE;

	return len >= ETHERNET_SIZE + 28 && get16(frame + 12) == 0x806 && get16(p + 6) == 2 && !memcmp(p + 14, peer_ip, 4) &&
	       !memcmp(p + 18, our_mac, 6) && !memcmp(frame, our_mac, 6);
}

/* Linux asks again after some seconds, and stops answering when we do not. */
size_t answer_arp(uint8_t *frame, size_t len)
{
	uint8_t *p = frame + ETHERNET_SIZE;

	if (len < ETHERNET_SIZE + 28 || get16(frame + 12) != 0x806 || get16(p + 6) != 1 || memcmp(p + 24, our_ip, 4))
		return 0;
	memcpy(frame, frame + 6, 6);
	memcpy(frame + 6, our_mac, 6);
	p[7] = 2;
	memcpy(p + 18, p + 8, 10);
	memcpy(p + 8, our_mac, 6);
	memcpy(p + 14, our_ip, 4);
	return ETHERNET_SIZE + 28;
}

static uint8_t *start_ip(uint8_t *frame, unsigned protocol, size_t payload)
{
	uint8_t *ip = start(frame, 0x800);

	memset(ip, 0, IP_SIZE);
	ip[0] = 0x45;
	put16(ip + 2, IP_SIZE + payload);
	ip[8] = 64;
	ip[9] = protocol;
	memcpy(ip + 12, our_ip, 4);
	memcpy(ip + 16, peer_ip, 4);
	put16(ip + 10, checksum(ip, IP_SIZE, 0));
	return ip + IP_SIZE;
}

/* An IPv4 packet of @protocol for us. */
static bool is_ip(const uint8_t *frame, size_t len, unsigned protocol)
{
	const uint8_t *ip = frame + ETHERNET_SIZE;

	return len >= ETHERNET_SIZE + IP_SIZE + ICMP_SIZE && get16(frame + 12) == 0x800 && ip[0] == 0x45 && ip[9] == protocol &&
	       !memcmp(ip + 16, our_ip, 4) && ETHERNET_SIZE + get16(ip + 2) <= len;
}

size_t make_ping(uint8_t *frame, unsigned sequence, size_t data)
{
	uint8_t *p = start_ip(frame, 1, ICMP_SIZE + data);

	memset(p, 0, ICMP_SIZE);
	p[0] = 8;
	put16(p + 4, PING_ID);
	put16(p + 6, sequence);
	for (size_t i = 0; i < data; i++)
		p[ICMP_SIZE + i] = i * 7 + sequence;
	put16(p + 2, checksum(p, ICMP_SIZE + data, 0));
	return ETHERNET_SIZE + IP_SIZE + ICMP_SIZE + data;
}

bool is_pong(const uint8_t *frame, size_t len, unsigned *sequence)
{
	const uint8_t *p = frame + ETHERNET_SIZE + IP_SIZE;

	if (!is_ip(frame, len, 1) || p[0] != 0 || get16(p + 4) != PING_ID)
		return false;
	*sequence = get16(p + 6);
	return true;
}

bool pong_is_whole(const uint8_t *frame, size_t len, size_t data)
{
	const uint8_t *p = frame + ETHERNET_SIZE + IP_SIZE;

	if (len < ETHERNET_SIZE + IP_SIZE + ICMP_SIZE + data || get16(frame + ETHERNET_SIZE + 2) != IP_SIZE + ICMP_SIZE + data)
		return false;
	for (size_t i = 0; i < data; i++)
		if (p[ICMP_SIZE + i] != (uint8_t)(i * 7 + get16(p + 6)))
			return false;
	return checksum(p, ICMP_SIZE + data, 0) == 0;
}

size_t make_syn(uint8_t *frame)
{
	uint8_t *p = start_ip(frame, 6, TCP_SIZE);

	memset(p, 0, TCP_SIZE);
	put16(p, 40000);
	put16(p + 2, 9);
	p[4] = 1;
	p[12] = 0x50;
	p[13] = 2; /* SYN */
	put16(p + 14, 1000);
	put16(p + 16, checksum(p, TCP_SIZE, pseudo_sum(frame + ETHERNET_SIZE)));
	return ETHERNET_SIZE + IP_SIZE + TCP_SIZE;
}

bool is_tcp(const uint8_t *frame, size_t len)
{
	return is_ip(frame, len, 6) && len >= ETHERNET_SIZE + IP_SIZE + TCP_SIZE;
}
