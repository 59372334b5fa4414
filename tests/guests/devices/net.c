/* SPDX-License-Identifier: BSD-3-Clause */
/* Network cards for the network checks, ARP, and IPv4 headers. */
#include "net.h"

#define FRAME_MIN 60
#define ARP_SIZE 28
#define TRIES 5

static const struct nic *const known[] = { &nic_rtl8139, &nic_e1000, &nic_e1000e, &nic_pcnet, &nic_virtio };
const struct nic *nic;
uint8_t own_mac[6], own_ip[4] = { 10, 9, 0, 2 };
uint8_t peer_mac[6], peer_ip[4] = { 10, 9, 0, 1 };
uint8_t frame[1536], answer[2048];

bool net_start(void)
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

uint8_t *net_ethernet(const uint8_t to[6], unsigned type)
{
	memset(frame, 0, sizeof(frame));
	memcpy(frame, to, 6);
	memcpy(frame + 6, own_mac, 6);
	put16(frame + 12, type);
	return frame + HEADER;
}

uint8_t *net_ip(const uint8_t to_mac[6], const uint8_t to_ip[4], unsigned protocol, unsigned size)
{
	static unsigned number;
	uint8_t *ip = net_ethernet(to_mac, IPV4);

	ip[0] = 0x45;
	put16(ip + 2, IP_SIZE + size);
	put16(ip + 4, ++number);
	ip[8] = 64;
	ip[9] = (uint8_t)protocol;
	memcpy(ip + 12, own_ip, 4);
	memcpy(ip + 16, to_ip, 4);
	put16(ip + 10, net_checksum(ip, IP_SIZE, 0));
	return ip + IP_SIZE;
}

static bool send(unsigned size)
{
	return nic->send(frame, size < FRAME_MIN ? FRAME_MIN : size);
}

bool net_send_ip(unsigned size)
{
	return send(HEADER + IP_SIZE + size);
}

/* Somebody asks who we are: not answering would end the conversation after a while. */
static void answer_arp(const uint8_t *asked)
{
	static uint8_t reply[FRAME_MIN];

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

unsigned net_poll(void)
{
	unsigned got = nic->receive(answer), type = get16(answer + 12);

	if (got < HEADER || (!(answer[0] & 1) && memcmp(answer, own_mac, 6)))
		return 0;
	if (type == ARP)
		answer_arp(answer + HEADER);
	return type;
}

bool net_exchange(unsigned size, bool (*wanted)(unsigned type, const uint8_t *data), unsigned ms)
{
	uint64_t end = deadline_ms(ms);

	if (!send(size))
		return false;
	while (!past(end)) {
		unsigned type = net_poll();

		if (type && wanted(type, answer + HEADER))
			return true;
	}
	return false;
}

static bool is_arp_reply(unsigned type, const uint8_t *arp)
{
	return type == ARP && arp[7] == 2 && !memcmp(arp + 14, peer_ip, 4);
}

bool net_resolve(void)
{
	static const uint8_t everybody[6] = { 255, 255, 255, 255, 255, 255 };

	for (unsigned i = 0; i < parameter_number("tries", TRIES); i++) {
		uint8_t *arp = net_ethernet(everybody, ARP);

		put16(arp, 1);
		put16(arp + 2, IPV4);
		arp[4] = 6;
		arp[5] = 4;
		put16(arp + 6, 1);
		memcpy(arp + 8, own_mac, 6);
		memcpy(arp + 14, own_ip, 4);
		memcpy(arp + 24, peer_ip, 4);
		if (net_exchange(HEADER + ARP_SIZE, is_arp_reply, 2000)) {
			memcpy(peer_mac, answer + HEADER + 8, 6);
			return true;
		}
	}
	return false;
}

unsigned net_checksum(const uint8_t *data, unsigned size, uint32_t sum)
{
	for (unsigned i = 0; i < size; i++)
		sum += i % 2 ? data[i] : (uint32_t)data[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum & 0xffff;
}

unsigned net_transport_checksum(const uint8_t *ip, unsigned size)
{
	uint32_t sum = ip[9] + size;

	for (unsigned i = 12; i < IP_SIZE; i += 2)
		sum += get16(ip + i);
	return net_checksum(ip + IP_SIZE, size, sum);
}
