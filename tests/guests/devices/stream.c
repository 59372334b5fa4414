/* SPDX-License-Identifier: BSD-3-Clause */
/* Bytes over TCP: from a server of the other end, and from one who connects to us and back. */
#include "tcp.h"

#define ADLER 65521u
#define CLIENT_MS 60000

static const char request[] = "fetch\n";
static uint8_t buffer[TCP_DATA_MAX];

/* Adler-32 of what @sum stands for and @size more bytes (RFC 1950); it begins with 1. */
static uint32_t adler32(uint32_t sum, const uint8_t *data, unsigned size)
{
	uint32_t a = sum & 0xffff, b = sum >> 16;

	for (unsigned i = 0; i < size; i++) {
		a += data[i];
		b += a;
	}
	return b % ADLER << 16 | a % ADLER;
}

void check_tcp_fetch(void)
{
	unsigned total = 0;
	uint32_t sum = 1;
	int n;

	if (!net_start() || !net_resolve())
		return fail("the other end does not answer");
	if (!tcp_connect(parameter_number("fetch_port", 0)) || !tcp_send(request, sizeof(request) - 1))
		return fail("no connection");
	while ((n = tcp_receive(buffer, sizeof(buffer))) > 0) {
		sum = adler32(sum, buffer, (unsigned)n);
		total += (unsigned)n;
	}
	if (n < 0 || !tcp_end())
		fail("the connection broke after %u bytes", total);
	note("fetched %u bytes, adler32 %8x", total, sum);
}

void check_tcp_serve(void)
{
	unsigned port = parameter_number("serve_port", 0), total = 0;
	int n;

	if (!net_start())
		return fail("no card");
	note("listening on port %u", port);
	if (!tcp_accept(port, CLIENT_MS))
		return fail("nobody connected");
	while ((n = tcp_receive(buffer, sizeof(buffer))) > 0 && tcp_send(buffer, (unsigned)n))
		total += (unsigned)n;
	if (n || !tcp_end())
		fail("the connection broke after %u bytes", total);
	note("gave back %u bytes", total);
}
