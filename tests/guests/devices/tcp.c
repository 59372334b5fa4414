/* SPDX-License-Identifier: BSD-3-Clause */
#include "tcp.h"

#define TCP_HEADER 20
#define FIN 1u
#define SYN 2u
#define RST 4u
#define PSH 8u
#define ACK 16u
#define TRIES 20
#define RETRY_MS 500
#define QUIET_S 20 /* unless the parameters tell how long the other end may be silent */
#define ROOM 16384u /* for what came, a power of 2 */
#define OWN_PORT 1025

static struct {
	unsigned own_port, port;
	uint8_t ip[4], mac[6];
	uint32_t sent, received; /* numbers of the next byte either way; sent: the first that the other end may not have */
	uint32_t pending; /* how many numbers of ours are on their way */
	uint32_t announced; /* how much room the other end knows of */
	bool opened, ended, reset; /* by the other end */
	uint32_t head, tail; /* of what came */
	uint8_t data[ROOM];
} c;

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

static void put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v & 0xffff);
}

static uint32_t room(void)
{
	return ROOM - (c.tail - c.head);
}

static bool transmit(unsigned flags, const void *data, unsigned size)
{
	unsigned header = TCP_HEADER + (flags & SYN ? 4 : 0);
	uint8_t *p = net_ip(c.mac, c.ip, TCP, header + size);

	put16(p, c.own_port);
	put16(p + 2, c.port);
	put32(p + 4, c.sent + (flags & (SYN | FIN) || size ? 0 : c.pending));
	put32(p + 8, flags & ACK ? c.received : 0);
	p[12] = (uint8_t)(header / 4 << 4);
	p[13] = (uint8_t)flags;
	put16(p + 14, c.announced = room());
	if (flags & SYN)
		put32(p + TCP_HEADER, 0x02040000 | 1460); /* the longest segment for us */
	memcpy(p + header, data, size);
	put16(p + 16, net_transport_checksum(p - IP_SIZE, header + size));
	return net_send_ip(header + size);
}

static void acknowledge(void)
{
	transmit(ACK, NULL, 0);
}

/* What of a segment is in order and has room; the rest comes again. */
static void take(const uint8_t *data, unsigned size, unsigned flags)
{
	if (size > room())
		return;
	for (unsigned i = 0; i < size; i++)
		c.data[c.tail++ % ROOM] = data[i];
	c.received += size;
	if (flags & FIN && !c.ended) {
		c.ended = true;
		c.received++;
	}
}

static void handle(const uint8_t *ip)
{
	const uint8_t *p = ip + IP_SIZE;
	unsigned header = p[12] >> 4 << 2, flags = p[13], total = get16(ip + 2);
	unsigned size = total - IP_SIZE - header;

	if (header < TCP_HEADER || total < IP_SIZE + header || total > sizeof(answer) - HEADER)
		return;
	if (net_transport_checksum(ip, total - IP_SIZE))
		return;
	if (flags & RST)
		c.reset = true;
	if (flags & ACK && get32(p + 8) == c.sent + c.pending) {
		c.sent += c.pending;
		c.pending = 0;
	}
	if (flags & SYN && !c.opened) {
		c.opened = true;
		c.received = get32(p + 4) + 1;
	} else if (size || flags & (SYN | FIN)) {
		if (get32(p + 4) == c.received)
			take(p + header, size, flags);
		acknowledge();
	}
}

/* Is it from port to port of ours? @peer: of the other end too. */
static bool is_ours(const uint8_t *ip, bool peer)
{
	if (ip[0] != 0x45 || ip[9] != TCP || memcmp(ip + 16, own_ip, 4) || get16(ip + IP_SIZE + 2) != c.own_port)
		return false;
	return !peer || (get16(ip + IP_SIZE) == c.port && !memcmp(ip + 12, c.ip, 4));
}

static void poll(void)
{
	if (net_poll() == IPV4 && is_ours(answer + HEADER, true))
		handle(answer + HEADER);
}

/* Until all is acknowledged. */
static bool deliver(unsigned flags, const void *data, unsigned size)
{
	c.pending = size + !!(flags & (SYN | FIN));
	for (unsigned i = 0; i < TRIES && c.pending && !c.reset; i++) {
		uint64_t end = deadline_ms(RETRY_MS);

		transmit(flags, data, size);
		while (c.pending && !c.reset && !past(end))
			poll();
	}
	return !c.pending && !c.reset;
}

static void begin(unsigned own_port)
{
	memset(&c, 0, sizeof(c));
	c.own_port = own_port;
	c.sent = (uint32_t)rdtsc();
}

bool tcp_connect(unsigned port)
{
	begin(OWN_PORT);
	c.port = port;
	memcpy(c.ip, peer_ip, 4);
	memcpy(c.mac, peer_mac, 6);
	if (!deliver(SYN, NULL, 0) || !c.opened)
		return false;
	acknowledge();
	return true;
}

bool tcp_accept(unsigned port, unsigned ms)
{
	const uint8_t *ip = answer + HEADER;
	uint64_t end = deadline_ms(ms);

	begin(port);
	while (net_poll() != IPV4 || !is_ours(ip, false) || (ip[IP_SIZE + 13] & (SYN | ACK)) != SYN)
		if (past(end))
			return false;
	c.port = get16(ip + IP_SIZE);
	memcpy(c.ip, ip + 12, 4);
	memcpy(c.mac, answer + 6, 6);
	handle(ip);
	return c.opened && deliver(SYN | ACK, NULL, 0);
}

bool tcp_send(const void *data, unsigned size)
{
	return deliver(PSH | ACK, data, size);
}

int tcp_receive(void *data, unsigned size)
{
	uint64_t end = deadline_ms(1000 * parameter_number("quiet", QUIET_S));
	uint8_t *to = data;
	unsigned n = 0;

	while (c.head == c.tail && !c.ended && !c.reset)
		if (past(end))
			return -1;
		else
			poll();
	while (n < size && c.head != c.tail)
		to[n++] = c.data[c.head++ % ROOM];
	if (room() - c.announced >= ROOM / 2 && !c.ended)
		acknowledge();
	return n || !c.reset ? (int)n : -1;
}

bool tcp_end(void)
{
	return deliver(FIN | ACK, NULL, 0);
}
