/* SPDX-License-Identifier: BSD-3-Clause */
/* ARP and ICMP echo to 10.9.0.1. */
#include "net.h"

#define ICMP_SIZE 8
#define WINDOW 8
#define LOST_MS 500

/* The echo reply to what is in frame? Late ones of earlier requests are not. */
static bool is_echo(unsigned type, const uint8_t *ip)
{
	const uint8_t *sent = frame + HEADER;
	unsigned size = get16(sent + 2) - IP_SIZE;

	return type == IPV4 && ip[9] == ICMP && !ip[IP_SIZE] && !net_checksum(ip + IP_SIZE, size, 0) &&
	       !memcmp(ip + IP_SIZE + 4, sent + IP_SIZE + 4, size - 4);
}

/* An echo request with @size bytes, in frame: its size. */
static unsigned echo_request(unsigned number, unsigned size)
{
	uint8_t *icmp = net_ip(peer_mac, peer_ip, ICMP, ICMP_SIZE + size);

	icmp[0] = 8;
	put16(icmp + 4, 0x1234);
	put16(icmp + 6, number);
	for (unsigned i = 0; i < size; i++)
		icmp[ICMP_SIZE + i] = (uint8_t)(i * 7 + number);
	put16(icmp + 2, net_checksum(icmp, ICMP_SIZE + size, 0));
	return HEADER + IP_SIZE + ICMP_SIZE + size;
}

/* It comes back. */
static bool ping(unsigned number, unsigned size)
{
	return net_exchange(echo_request(number, size), is_echo, 10000);
}

void check_arp(void)
{
	if (net_start() && !net_resolve())
		fail("10.9.0.1 does not answer");
}

void check_ping(void)
{
	unsigned pings = parameter_number("pings", 4), lost = 0;

	if (!net_start())
		return;
	if (!net_resolve())
		return fail("10.9.0.1 does not answer");
	for (unsigned i = 1; i <= pings; i++)
		lost += !ping(i, i % 2 ? 56 : 1400);
	if (lost)
		fail("%u of %u echo requests are without an answer", lost, pings);
}

/*
 * Echo requests of @size bytes, up to WINDOW of them on their way, for a while: each answered one is a packet in both directions. When nothing
 * comes for long they count as lost, and new ones go.
 */
static void net_speed(const char *what, unsigned size)
{
	unsigned bytes = echo_request(1, size), outside = 0, lost = 0;
	uint64_t begin = rdtsc(), end = deadline_ms(parameter_number("ms", 2000)), patience = deadline_ms(LOST_MS);
	uint32_t done = 0, ms;

	do {
		while (outside < WINDOW && nic->send(frame, bytes))
			outside++;
		if (net_poll() == IPV4 && is_echo(IPV4, answer + HEADER)) {
			done++;
			outside--;
			patience = deadline_ms(LOST_MS);
		} else if (past(patience)) {
			lost += outside;
			outside = 0;
			patience = deadline_ms(LOST_MS);
		}
	} while (!past(end));
	ms = cycles_to_us(rdtsc() - begin) / 1000;
	if (!done)
		fail("%s: no answer", what);
	note("speed %s: %u packets/s, %u lost", what, done * 1000 / (ms ? ms : 1), lost);
}

void measure_net(void)
{
	if (!net_start())
		return;
	if (!net_resolve())
		return fail("10.9.0.1 does not answer");
	net_speed("small_packets", 56);
	net_speed("large_packets", 1400);
}
