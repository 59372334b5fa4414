/* SPDX-License-Identifier: BSD-3-Clause */
#include "dhcp.h"

#include <arpa/inet.h>
#include <string.h>

#define ETHERNET_SIZE 14
#define IP_SIZE 20
#define UDP_SIZE 8
#define HEADERS_SIZE (ETHERNET_SIZE + IP_SIZE + UDP_SIZE)
#define ANSWER_SIZE (DHCP_ANSWER_SIZE - HEADERS_SIZE)

#define TYPE_IPV4 0x0800
#define PROTOCOL_UDP 17
#define PORT_SERVER 67
#define PORT_CLIENT 68
#define TTL 64

/* The fields of a message before its options, as far as they are used (RFC 2131, figure 1). */
enum {
	OP = 0,
	HTYPE = 1,
	HLEN = 2,
	XID = 4,
	FLAGS = 10,
	CIADDR = 12,
	YIADDR = 16,
	GIADDR = 24,
	CHADDR = 28,
	COOKIE = 236,
	OPTIONS = 240
};
enum { BOOT_REQUEST = 1, BOOT_REPLY = 2 };
enum { ETHERNET = 1, MAC_SIZE = 6 };
#define BROADCAST_FLAG 0x80

enum {
	PAD = 0,
	NETMASK = 1,
	ROUTER = 3,
	NAME_SERVERS = 6,
	REQUESTED_ADDRESS = 50,
	LEASE_TIME = 51,
	KIND = 53,
	SERVER = 54,
	END = 255,
};

enum kind { DISCOVER = 1, OFFER = 2, REQUEST = 3, ACK = 5, NAK = 6, INFORM = 8 };

static const uint8_t cookie[] = { 99, 130, 83, 99 }, any[4], all[] = { 255, 255, 255, 255, 255, 255 };
/* The back ends of Linux have this address, so that the guest finds one machine behind its card. */
static const uint8_t own_mac[MAC_SIZE] = { 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff };
/* For ever: the address is the guest's as long as the domain lives. */
static const uint8_t lease_time[] = { 255, 255, 255, 255 };

struct message {
	const uint8_t *at;
	size_t size;
};

static unsigned get16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

static void put16(uint8_t *p, unsigned value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

static bool read_address(const char *text, size_t size, uint8_t *address)
{
	char copy[INET_ADDRSTRLEN];

	if (size >= sizeof(copy))
		return false;
	memcpy(copy, text, size);
	copy[size] = 0;
	return inet_pton(AF_INET, copy, address) == 1;
}

/* One "name=value" of @size bytes. */
static bool read_field(const char *field, size_t size, struct dhcp_lease *lease, unsigned *found)
{
	uint8_t *servers = lease->name_servers[lease->name_server_count];
	const struct {
		const char *name;
		uint8_t *address;
	} fields[] = { { "client_ip=", lease->client },
		       { "gw=", lease->gateway },
		       { "netmask=", lease->netmask },
		       { "dns_0=", servers },
		       { "dns_1=", servers } };

	for (unsigned i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		size_t n = strlen(fields[i].name);
		bool is_server = fields[i].address == servers;

		if (size < n || strncmp(field, fields[i].name, n) || *found & 1u << i)
			continue;
		*found |= 1u << i;
		if (is_server && size == n)
			return true;
		lease->name_server_count += is_server;
		return read_address(field + n, size - n, fields[i].address);
	}
	return false;
}

bool dhcp_parse(const char *text, struct dhcp_lease *lease)
{
	unsigned found = 0, needed = 7; /* of read_field()'s table, the first three */

	*lease = (struct dhcp_lease){ 0 };
	for (;;) {
		size_t n = strcspn(text, ",");

		if (!read_field(text, n, lease, &found))
			return false;
		if (!text[n])
			return (found & needed) == needed;
		text += n + 1;
	}
}

/* The message in a frame to the server's port; its size is 0 if there is none. */
static struct message message_of(const uint8_t *frame, size_t len)
{
	const struct message none = { 0 };
	const uint8_t *ip = frame + ETHERNET_SIZE;

	if (len < HEADERS_SIZE || get16(frame + 12) != TYPE_IPV4 || ip[0] >> 4 != 4 || ip[9] != PROTOCOL_UDP)
		return none;
	/* A fragment, the first one too. */
	if (get16(ip + 6) & 0x3fff)
		return none;
	size_t header = (ip[0] & 15u) * 4, total = get16(ip + 2);

	if (header < IP_SIZE || total > len - ETHERNET_SIZE || total < header + UDP_SIZE)
		return none;
	const uint8_t *udp = ip + header;
	size_t size = get16(udp + 4);

	if (get16(udp + 2) != PORT_SERVER || size < UDP_SIZE + OPTIONS || size > total - header)
		return none;
	return (struct message){ udp + UDP_SIZE, size - UDP_SIZE };
}

bool dhcp_is_for_server(const uint8_t *frame, size_t len)
{
	struct message m = message_of(frame, len);

	return m.size && m.at[OP] == BOOT_REQUEST && !memcmp(m.at + COOKIE, cookie, sizeof(cookie));
}

/* The value of option @code if it has @size bytes, else NULL. */
static const uint8_t *option(struct message m, unsigned code, unsigned size)
{
	size_t i = OPTIONS;

	while (i < m.size && m.at[i] != END) {
		if (m.at[i] == PAD) {
			i++;
			continue;
		}
		if (i + 2 > m.size || m.at[i + 1] > m.size - i - 2)
			return NULL;
		if (m.at[i] == code)
			return m.at[i + 1] == size ? m.at + i + 2 : NULL;
		i += 2u + m.at[i + 1];
	}
	return NULL;
}

/* Which kind of answer a message gets; 0: none. */
static enum kind answer_to(const struct dhcp_lease *lease, struct message m)
{
	const uint8_t *kind = option(m, KIND, 1), *server = option(m, SERVER, 4), *wanted = option(m, REQUESTED_ADDRESS, 4);

	if (!kind || m.at[HTYPE] != ETHERNET || m.at[HLEN] != MAC_SIZE || memcmp(m.at + GIADDR, any, 4))
		return 0;
	if (server && memcmp(server, lease->gateway, 4))
		return 0;
	if (*kind == DISCOVER)
		return OFFER;
	if (*kind == INFORM)
		return ACK;
	if (*kind != REQUEST)
		return 0;
	/* Who renews names the address that it has in another place. */
	if (!wanted)
		wanted = m.at + CIADDR;
	return memcmp(wanted, lease->client, 4) ? NAK : ACK;
}

static uint8_t *put_option(uint8_t *p, unsigned code, const void *value, size_t size)
{
	*p++ = (uint8_t)code;
	*p++ = (uint8_t)size;
	memcpy(p, value, size);
	return p + size;
}

static void put_message(uint8_t *out, const struct dhcp_lease *lease, struct message m, enum kind kind)
{
	bool informs = *option(m, KIND, 1) == INFORM;
	uint8_t *p = out + OPTIONS, code = (uint8_t)kind;

	out[OP] = BOOT_REPLY;
	out[HTYPE] = ETHERNET;
	out[HLEN] = MAC_SIZE;
	memcpy(out + XID, m.at + XID, 4);
	memcpy(out + FLAGS, m.at + FLAGS, 2);
	memcpy(out + CHADDR, m.at + CHADDR, MAC_SIZE);
	memcpy(out + COOKIE, cookie, sizeof(cookie));
	p = put_option(p, KIND, &code, 1);
	p = put_option(p, SERVER, lease->gateway, 4);
	if (kind != NAK) {
		if (kind == ACK)
			memcpy(out + CIADDR, m.at + CIADDR, 4);
		if (!informs) {
			memcpy(out + YIADDR, lease->client, 4);
			p = put_option(p, LEASE_TIME, lease_time, sizeof(lease_time));
		}
		p = put_option(p, NETMASK, lease->netmask, 4);
		p = put_option(p, ROUTER, lease->gateway, 4);
		if (lease->name_server_count)
			p = put_option(p, NAME_SERVERS, lease->name_servers, 4 * lease->name_server_count);
	}
	*p = END;
}

/* The Internet checksum (RFC 1071) of an even number of bytes. */
static unsigned checksum(const uint8_t *p, size_t size, unsigned sum)
{
	for (size_t i = 0; i < size; i += 2)
		sum += get16(p + i);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum & 0xffff;
}

/* The headers before a message of ANSWER_SIZE bytes, which is in place. */
static void put_headers(uint8_t *frame, const uint8_t *from, const uint8_t *to, const uint8_t *to_mac)
{
	uint8_t *ip = frame + ETHERNET_SIZE, *udp = ip + IP_SIZE;

	memcpy(frame, to_mac, MAC_SIZE);
	memcpy(frame + MAC_SIZE, own_mac, MAC_SIZE);
	put16(frame + 12, TYPE_IPV4);
	ip[0] = 4 << 4 | IP_SIZE / 4;
	put16(ip + 2, IP_SIZE + UDP_SIZE + ANSWER_SIZE);
	ip[8] = TTL;
	ip[9] = PROTOCOL_UDP;
	memcpy(ip + 12, from, 4);
	memcpy(ip + 16, to, 4);
	put16(ip + 10, checksum(ip, IP_SIZE, 0));
	put16(udp, PORT_SERVER);
	put16(udp + 2, PORT_CLIENT);
	put16(udp + 4, UDP_SIZE + ANSWER_SIZE);
	/* With the addresses, the protocol and the length, which are counted as a header of their own. Zero stands for none. */
	unsigned sum = checksum(ip + 12, 8 + UDP_SIZE + ANSWER_SIZE, PROTOCOL_UDP + UDP_SIZE + ANSWER_SIZE);

	put16(udp + 6, sum ? sum : 0xffff);
}

bool dhcp_answer(const struct dhcp_lease *lease, const uint8_t *frame, size_t len, uint8_t answer[DHCP_ANSWER_SIZE])
{
	struct message m = message_of(frame, len);
	enum kind kind = answer_to(lease, m);

	if (!kind)
		return false;
	/* To the address that the client has, else by broadcast if it asks for that or is refused, else to the address that it gets. */
	bool has_address = kind != NAK && memcmp(m.at + CIADDR, any, 4);
	bool everybody = !has_address && (kind == NAK || m.at[FLAGS] & BROADCAST_FLAG);

	memset(answer, 0, DHCP_ANSWER_SIZE);
	put_message(answer + HEADERS_SIZE, lease, m, kind);
	put_headers(answer, lease->gateway,
	            has_address ? m.at + CIADDR
	            : everybody ? all
	                        : lease->client,
	            everybody ? all : m.at + CHADDR);
	return true;
}
