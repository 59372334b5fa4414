/* SPDX-License-Identifier: BSD-3-Clause */
/* ARP and ICMP echo to 10.9.0.1 through whichever known network card there is. */
#include "guest.h"

#define FRAME_MAX 1536
#define HEADER 14
#define ARP_SIZE 28
#define IP_SIZE 20
#define ICMP_SIZE 8
#define ARP 0x0806
#define IPV4 0x0800
#define ICMP 1
#define TRIES 5
#define WINDOW 8
#define LOST_MS 500

static const struct nic *const known[] = { &nic_rtl8139, &nic_e1000 };
static const uint8_t own_ip[4] = { 10, 9, 0, 2 }, peer_ip[4] = { 10, 9, 0, 1 };
static const struct nic *nic;
static uint8_t own_mac[6], peer_mac[6];
static uint8_t frame[FRAME_MAX], answer[2048];

static bool start(void)
{
	for (unsigned i = 0; !nic && i < sizeof(known) / sizeof(known[0]); i++) {
		uint32_t function = pci_find_id(known[i]->vendor, known[i]->device);

		if (!function)
			continue;
		nic = known[i];
		pci_write(function, PCI_COMMAND, pci_read(function, PCI_COMMAND) | PCI_IO_MEMORY_MASTER);
		nic->start(function, own_mac);
		note("%s %2x:%2x:%2x:%2x:%2x:%2x", nic->name, own_mac[0], own_mac[1], own_mac[2], own_mac[3], own_mac[4],
		     own_mac[5]);
	}
	if (!nic && parameter("nic"))
		fail("no known network card");
	else if (!nic)
		note("no known network card");
	return nic;
}

static void put16(uint8_t *to, unsigned v)
{
	to[0] = (uint8_t)(v >> 8);
	to[1] = (uint8_t)v;
}

static uint8_t *ethernet(const uint8_t to[6], unsigned type)
{
	memset(frame, 0, sizeof(frame));
	memcpy(frame, to, 6);
	memcpy(frame + 6, own_mac, 6);
	put16(frame + 12, type);
	return frame + HEADER;
}

/* Somebody asks who we are: not answering would end the conversation after a while. */
static void answer_arp(const uint8_t *asked)
{
	static uint8_t reply[60];

	if (asked[7] != 1 || memcmp(asked + 24, own_ip, 4))
		return;
	memcpy(reply, asked + 8, 6);
	memcpy(reply + 6, own_mac, 6);
	put16(reply + 12, ARP);
	memcpy(reply + HEADER, asked, 6);
	put16(reply + HEADER + 6, 2);
	memcpy(reply + HEADER + 8, own_mac, 6);
	memcpy(reply + HEADER + 14, own_ip, 4);
	memcpy(reply + HEADER + 18, asked + 8, 10);
	nic->send(reply, sizeof(reply));
}

/* Send what is in frame, then look at what comes until @wanted likes it or the time is over. */
static bool exchange(unsigned size, bool (*wanted)(unsigned type, const uint8_t *data), unsigned ms)
{
	uint64_t end = deadline_ms(ms);

	if (!nic->send(frame, size < 60 ? 60 : size))
		return false;
	while (!past(end)) {
		unsigned got = nic->receive(answer), type = answer[12] << 8 | answer[13];

		if (got < HEADER)
			continue;
		if (!memcmp(answer, own_mac, 6) && wanted(type, answer + HEADER))
			return true;
		if (type == ARP)
			answer_arp(answer + HEADER);
	}
	return false;
}

static bool is_arp_reply(unsigned type, const uint8_t *arp)
{
	return type == ARP && arp[7] == 2 && !memcmp(arp + 14, peer_ip, 4);
}

static bool resolve(void)
{
	static const uint8_t everybody[6] = { 255, 255, 255, 255, 255, 255 };

	for (unsigned i = 0; i < TRIES; i++) {
		uint8_t *arp = ethernet(everybody, ARP);

		put16(arp, 1);
		put16(arp + 2, IPV4);
		arp[4] = 6;
		arp[5] = 4;
		put16(arp + 6, 1);
		memcpy(arp + 8, own_mac, 6);
		memcpy(arp + 14, own_ip, 4);
		memcpy(arp + 24, peer_ip, 4);
		if (exchange(HEADER + ARP_SIZE, is_arp_reply, 2000)) {
			memcpy(peer_mac, answer + HEADER + 8, 6);
			return true;
		}
	}
	return false;
}

static unsigned checksum(const uint8_t *data, unsigned size)
{
	uint32_t sum = 0;

	for (unsigned i = 0; i + 1 < size; i += 2)
		sum += (uint32_t)data[i] << 8 | data[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum & 0xffff;
}

/* The echo reply to what is in frame? Late ones of earlier requests are not. */
static bool is_echo(unsigned type, const uint8_t *ip)
{
	const uint8_t *sent = frame + HEADER;
	unsigned size = (unsigned)(sent[2] << 8 | sent[3]) - IP_SIZE;

	return type == IPV4 && ip[9] == ICMP && !ip[IP_SIZE] && !checksum(ip + IP_SIZE, size) &&
	       !memcmp(ip + IP_SIZE + 4, sent + IP_SIZE + 4, size - 4);
}

/* An echo request with @size bytes, in frame: its size. */
static unsigned echo_request(unsigned number, unsigned size)
{
	uint8_t *ip = ethernet(peer_mac, IPV4), *icmp = ip + IP_SIZE;

	ip[0] = 0x45;
	put16(ip + 2, IP_SIZE + ICMP_SIZE + size);
	put16(ip + 4, number);
	ip[8] = 64;
	ip[9] = ICMP;
	memcpy(ip + 12, own_ip, 4);
	memcpy(ip + 16, peer_ip, 4);
	put16(ip + 10, checksum(ip, IP_SIZE));
	icmp[0] = 8;
	put16(icmp + 4, 0x1234);
	put16(icmp + 6, number);
	for (unsigned i = 0; i < size; i++)
		icmp[ICMP_SIZE + i] = (uint8_t)(i * 7 + number);
	put16(icmp + 2, checksum(icmp, ICMP_SIZE + size));
	return HEADER + IP_SIZE + ICMP_SIZE + size;
}

/* It comes back. */
static bool ping(unsigned number, unsigned size)
{
	return exchange(echo_request(number, size), is_echo, 10000);
}

void check_arp(void)
{
	if (start() && !resolve())
		fail("10.9.0.1 does not answer");
}

void check_ping(void)
{
	unsigned pings = parameter_number("pings", 4), lost = 0;

	if (!start())
		return;
	if (!resolve())
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
		unsigned got = nic->receive(answer);

		if (got > HEADER && (answer[12] << 8 | answer[13]) == IPV4 && is_echo(IPV4, answer + HEADER)) {
			done++;
			outside--;
			patience = deadline_ms(LOST_MS);
		} else if (got > HEADER && (answer[12] << 8 | answer[13]) == ARP) {
			answer_arp(answer + HEADER);
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
	if (!start())
		return;
	if (!resolve())
		return fail("10.9.0.1 does not answer");
	net_speed("small_packets", 56);
	net_speed("large_packets", 1400);
}
