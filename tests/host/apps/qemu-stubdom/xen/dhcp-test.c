/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The DHCP server for the guest: arguments, a client's whole way to its address, and messages that get no answer.
 * hosted: it sees what the C library has.
 * sources: apps/qemu-stubdom/xen/dhcp.c
 */
#include "../../../../../apps/qemu-stubdom/xen/dhcp.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define MESSAGE 42 /* where it begins in a frame */
#define FRAME_MAX 600

static const uint8_t mac[] = { 0, 0x16, 0x3e, 1, 2, 3 }, all[] = { 255, 255, 255, 255, 255, 255 };
static const uint8_t client[] = { 10, 137, 0, 1 }, gateway[] = { 10, 137, 0, 2 };
static struct dhcp_lease lease;

struct frame {
	uint8_t bytes[FRAME_MAX];
	size_t len, at; /* at: where the next option goes */
};

static void put16(uint8_t *p, size_t value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

static unsigned get16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

static void finish(struct frame *f)
{
	f->len = f->at + 1;
	f->bytes[f->at] = 255;
	put16(f->bytes + 16, f->len - 14);
	put16(f->bytes + 38, f->len - 34);
}

static void option(struct frame *f, uint8_t code, const void *value, uint8_t size)
{
	f->bytes[f->at++] = code;
	f->bytes[f->at++] = size;
	memcpy(f->bytes + f->at, value, size);
	f->at += size;
	finish(f);
}

static struct frame message(uint8_t kind)
{
	struct frame f = { .at = MESSAGE + 240 };
	uint8_t *m = f.bytes + MESSAGE;

	memcpy(f.bytes, all, 6);
	memcpy(f.bytes + 6, mac, 6);
	put16(f.bytes + 12, 0x0800);
	f.bytes[14] = 0x45;
	f.bytes[23] = 17;
	put16(f.bytes + 34, 68);
	put16(f.bytes + 36, 67);
	m[0] = m[1] = 1;
	m[2] = 6;
	memcpy(m + 4, "\1\2\3\4", 4);
	memcpy(m + 28, mac, 6);
	memcpy(m + 236, "\x63\x82\x53\x63", 4);
	option(&f, 53, &kind, 1);
	return f;
}

/* The server is given copies of just the frame's size, at all alignments, so that the sanitizer sees what it reads beside them. */
static bool ask(const struct frame *f, uint8_t *answer)
{
	bool took = false, answered = false;

	for (size_t shift = 0; shift < 4; shift++) {
		uint8_t *copy = malloc(f->len + shift);

		memcpy(copy + shift, f->bytes, f->len);
		took = dhcp_is_for_server(copy + shift, f->len);
		answered = took && dhcp_answer(&lease, copy + shift, f->len, answer);
		free(copy);
	}
	return answered;
}

/* Sums of 16 bits with carries over a header and its checksum are all ones. */
static unsigned sum(const uint8_t *p, size_t size, unsigned begin)
{
	for (size_t i = 0; i < size; i += 2)
		begin += get16(p + i);
	while (begin >> 16)
		begin = (begin & 0xffff) + (begin >> 16);
	return begin;
}

static const uint8_t *find(const uint8_t *answer, uint8_t code, uint8_t size)
{
	const uint8_t *p = answer + MESSAGE + 240;

	while (*p != 255) {
		assert(p + 2 + p[1] < answer + DHCP_ANSWER_SIZE);
		if (*p == code) {
			assert(p[1] == size);
			return p + 2;
		}
		p += 2 + p[1];
	}
	return NULL;
}

static void check_headers(const uint8_t *a, const uint8_t *to_mac, const uint8_t *to)
{
	assert(!memcmp(a, to_mac, 6) && !(a[6] & 1) && get16(a + 12) == 0x0800);
	assert(get16(a + 16) == DHCP_ANSWER_SIZE - 14 && sum(a + 14, 20, 0) == 0xffff);
	assert(!memcmp(a + 26, gateway, 4) && !memcmp(a + 30, to, 4));
	assert(get16(a + 34) == 67 && get16(a + 36) == 68 && get16(a + 38) == 308);
	assert(sum(a + 26, 8 + 308, 17 + 308) == 0xffff);
	assert(a[MESSAGE] == 2 && !memcmp(a + MESSAGE + 4, "\1\2\3\4", 4) && !memcmp(a + MESSAGE + 28, mac, 6));
}

static void check_answer(const struct frame *f, uint8_t kind, const uint8_t *to_mac, const uint8_t *to, const uint8_t *given)
{
	uint8_t a[DHCP_ANSWER_SIZE];

	assert(ask(f, a));
	check_headers(a, to_mac, to);
	assert(*find(a, 53, 1) == kind && !memcmp(find(a, 54, 4), gateway, 4) && !memcmp(a + MESSAGE + 16, given, 4));
	if (kind == 6) {
		assert(!find(a, 1, 4) && !find(a, 51, 4));
		return;
	}
	assert(!memcmp(find(a, 1, 4), all, 4) && !memcmp(find(a, 3, 4), gateway, 4));
	assert(!memcmp(find(a, 6, 8), "\x0a\x8b\x01\x01\x0a\x8b\x01\x02", 8));
	assert(!find(a, 51, 4) == !memcmp(given, "\0\0\0\0", 4));
}

/* From nothing to the address, again after a restart, renewed, and asked for its surroundings. */
static void way(void)
{
	struct frame f = message(1);

	check_answer(&f, 2, mac, client, client);
	f.bytes[MESSAGE + 10] = 0x80;
	check_answer(&f, 2, all, all, client);
	f = message(3);
	option(&f, 50, client, 4);
	option(&f, 54, gateway, 4);
	check_answer(&f, 5, mac, client, client);
	f = message(3);
	option(&f, 50, client, 4);
	check_answer(&f, 5, mac, client, client);
	f = message(3);
	memcpy(f.bytes + MESSAGE + 12, client, 4);
	check_answer(&f, 5, mac, client, client);
	f = message(8);
	memcpy(f.bytes + MESSAGE + 12, gateway, 4);
	check_answer(&f, 5, mac, gateway, (uint8_t[4]){ 0 });
}

static void refused(void)
{
	struct frame f = message(3);

	option(&f, 50, gateway, 4);
	check_answer(&f, 6, all, all, (uint8_t[4]){ 0 });
	f = message(3);
	memcpy(f.bytes + MESSAGE + 12, gateway, 4);
	check_answer(&f, 6, all, all, (uint8_t[4]){ 0 });
}

/* One byte of a discover changed: no answer. Whether it is the server's at all is the second column. */
static const struct {
	unsigned at;
	uint8_t value;
	bool ours;
} changes[] = {
	{ 12, 0x86, false },
	{ 14, 0x65, false },
	{ 14, 0x44, false },
	{ 14, 0x4f, false },
	{ 20, 0x20, false },
	{ 21, 1, false },
	{ 23, 6, false },
	{ 16, 0xff, false },
	{ 17, 20, false },
	{ 37, 68, false },
	{ 38, 0xff, false },
	{ 39, 100, false },
	{ MESSAGE, 2, false },
	{ MESSAGE + 236, 0, false },
	{ MESSAGE + 1, 6, true },
	{ MESSAGE + 2, 16, true },
	{ MESSAGE + 24, 10, true },
	{ MESSAGE + 240, 54, true },
	{ MESSAGE + 241, 2, true },
	{ MESSAGE + 241, 200, true },
	{ MESSAGE + 240, 255, true },
	{ MESSAGE + 242, 4, true },
	{ MESSAGE + 242, 7, true },
	{ MESSAGE + 242, 0, true },
	{ MESSAGE + 242, 255, true },
};

static void unanswered(void)
{
	uint8_t answer[DHCP_ANSWER_SIZE];
	struct frame f;

	for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++) {
		f = message(1);
		f.bytes[changes[i].at] = changes[i].value;
		assert(dhcp_is_for_server(f.bytes, f.len) == changes[i].ours && !ask(&f, answer));
	}
	f = message(3);
	option(&f, 54, client, 4);
	assert(!ask(&f, answer));
	for (f = message(1); f.len > 0; f.len--)
		assert(f.len > MESSAGE + 243 || !ask(&f, answer));
}

static void arguments(void)
{
	static const char *const bad[] = {
		"",
		",",
		"client_ip=10.137.0.1",
		"client_ip=10.137.0.1,gw=10.137.0.2,netmask=",
		"client_ip=10.137.0.1,gw=10.137.0.2,netmask=255.0.0.0,",
		"client_ip=10.137.0.1,gw=10.137.0.2,netmask=255.0.0.0,x=1",
		"client_ip=10.137.0.1,gw=10.137.0.2,netmask=255.0.0.256",
		"client_ip=10.137.0.1,client_ip=10.137.0.1,gw=10.137.0.2,netmask=255.0.0.0",
		"client_ip=::1,gw=10.137.0.2,netmask=255.0.0.0",
		"client_ip=10.137.0.1111111111111111,gw=10.137.0.2,netmask=255.0.0.0",
		"client_ip,gw=10.137.0.2,netmask=255.0.0.0",
	};
	struct dhcp_lease l;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert(!dhcp_parse(bad[i], &l));
	assert(dhcp_parse("netmask=255.255.255.0,gw=1.2.3.4,dns_0=,dns_1=9.8.7.6,client_ip=1.2.3.5", &l));
	assert(l.name_server_count == 1 && !memcmp(l.name_servers[0], "\x09\x08\x07\x06", 4));
	assert(dhcp_parse("client_ip=10.137.0.1,dns_0=10.139.1.1,dns_1=10.139.1.2,gw=10.137.0.2,netmask=255.255.255.255",
	                  &lease));
	assert(lease.name_server_count == 2 && !memcmp(lease.client, client, 4));
}

int main(void)
{
	arguments();
	way();
	refused();
	unanswered();
	return 0;
}
