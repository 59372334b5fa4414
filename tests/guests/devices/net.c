/* SPDX-License-Identifier: BSD-3-Clause */
/* ARP and ICMP echo to 10.9.0.1 through whichever known network card there is. */
#include "guest.h"

#define FRAME_MAX 1536
#define HEADER 14
#define ARP_SIZE 28
#define IP_SIZE 20
#define ICMP_SIZE 8
#define TRIES 5

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

/* Send what is in frame, and the next frame of that type for us within the time: its contents, or NULL. */
static const uint8_t *exchange(unsigned size, unsigned type, unsigned ms)
{
	uint64_t end = deadline_ms(ms);

	if (!nic->send(frame, size < 60 ? 60 : size))
		return NULL;
	while (!past(end)) {
		unsigned got = nic->receive(answer);

		if (got >= HEADER && !memcmp(answer, own_mac, 6) && answer[12] == type >> 8 && answer[13] == (type & 0xff))
			return answer + HEADER;
	}
	return NULL;
}

static bool resolve(void)
{
	static const uint8_t everybody[6] = { 255, 255, 255, 255, 255, 255 };

	for (unsigned i = 0; i < TRIES; i++) {
		uint8_t *arp = ethernet(everybody, 0x0806);
		const uint8_t *got;

		put16(arp, 1);
		put16(arp + 2, 0x0800);
		arp[4] = 6;
		arp[5] = 4;
		put16(arp + 6, 1);
		memcpy(arp + 8, own_mac, 6);
		memcpy(arp + 14, own_ip, 4);
		memcpy(arp + 24, peer_ip, 4);
		got = exchange(HEADER + ARP_SIZE, 0x0806, 1000);
		if (got && got[7] == 2 && !memcmp(got + 14, peer_ip, 4)) {
			memcpy(peer_mac, got + 8, 6);
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

/* One echo request with @size bytes, which come back. */
static bool ping(unsigned number, unsigned size)
{
	uint8_t *ip = ethernet(peer_mac, 0x0800), *icmp = ip + IP_SIZE;
	const uint8_t *got;

	ip[0] = 0x45;
	put16(ip + 2, IP_SIZE + ICMP_SIZE + size);
	put16(ip + 4, number);
	ip[8] = 64;
	ip[9] = 1;
	memcpy(ip + 12, own_ip, 4);
	memcpy(ip + 16, peer_ip, 4);
	put16(ip + 10, checksum(ip, IP_SIZE));
	icmp[0] = 8;
	put16(icmp + 4, 0x1234);
	put16(icmp + 6, number);
	for (unsigned i = 0; i < size; i++)
		icmp[ICMP_SIZE + i] = (uint8_t)(i * 7 + number);
	put16(icmp + 2, checksum(icmp, ICMP_SIZE + size));
	got = exchange(HEADER + IP_SIZE + ICMP_SIZE + size, 0x0800, 2000);
	if (!got || got[9] != 1 || got[IP_SIZE] || checksum(got + IP_SIZE, ICMP_SIZE + size))
		return false;
	return !memcmp(got + IP_SIZE + 4, icmp + 4, 4 + size);
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
