/* SPDX-License-Identifier: BSD-3-Clause */
#include <unistd.h>

#include "test.h"

#define MANY 1000
#define OUTSTANDING 16 /* Linux discards answers when its ICMP socket holds 26 that the network has not taken */
#define PING_DATA_MAX 1472
#define WAIT_MS 2000
#define RECONNECT_MS 60000

static uint8_t out[FRAME_MAX], in[FRAME_MAX];

/* Wait for the answer to ping @sequence. Returns the frame's length, or 0. */
static size_t pong(unsigned sequence, int ms)
{
	uint64_t end = now_ms() + ms;
	unsigned got;

	while (now_ms() < end) {
		size_t n = tap_frame(in, end - now_ms());

		if (n && is_pong(in, n, &got) && got == sequence)
			return n;
	}
	return 0;
}

/* The link may still be coming up. */
bool arp(void)
{
	for (int tries = 0; tries < 50; tries++) {
		uint64_t end = now_ms() + 200;

		tap_send(out, make_arp(out));
		while (now_ms() < end) {
			size_t n = tap_frame(in, end - now_ms());

			if (is_arp_reply(in, n)) {
				memcpy(peer_mac, in + ETHERNET_SIZE + 8, 6);
				printf("# 10.9.0.1 is %02x:%02x:%02x:%02x:%02x:%02x\n", peer_mac[0], peer_mac[1], peer_mac[2],
				       peer_mac[3], peer_mac[4], peer_mac[5]);
				return true;
			}
		}
	}
	CHECK(!"an answer");
}

static bool ping_each(const size_t *sizes, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		CHECK(tap_send(out, make_ping(out, i, sizes[i])));
		size_t n = pong(i, WAIT_MS);

		CHECK(n);
		CHECK(pong_is_whole(in, n, sizes[i]));
	}
	return true;
}

bool ping_sizes(void)
{
	static const size_t sizes[] = { 0, 1, 17, 56, 1000, 1471, PING_DATA_MAX };

	return ping_each(sizes, sizeof(sizes) / sizeof(sizes[0]));
}

/* Around the ends of pages; the network's MTU must be 65000. */
bool ping_large(void)
{
	static const size_t sizes[] = { 4053, 4054, 4055, 8150, 8972, 12245, 30000, 64000 };

	return ping_each(sizes, sizeof(sizes) / sizeof(sizes[0]));
}

/* The refusal comes out of dom0's own stack, which leaves checksums to its devices. */
bool tcp_checksum(void)
{
	uint64_t end = now_ms() + WAIT_MS;

	CHECK(tap_send(out, make_syn(out)));
	while (now_ms() < end) {
		size_t n = tap_frame(in, end - now_ms());

		if (!n || !is_tcp(in, n))
			continue;
		CHECK(checksum(in + ETHERNET_SIZE + IP_SIZE, TCP_SIZE, pseudo_sum(in + ETHERNET_SIZE)) == 0);
		return true;
	}
	CHECK(!"a refusal");
}

bool ping_many(void)
{
	unsigned sent = 0, got = 0, sequence;
	uint64_t start = now_ms();

	while (got < MANY) {
		while (sent < MANY && sent - got < OUTSTANDING) {
			CHECK(tap_send(out, make_ping(out, sent, PING_DATA_MAX)));
			sent++;
		}
		size_t n = tap_frame(in, WAIT_MS);

		CHECK(n);
		if (!is_pong(in, n, &sequence))
			continue;
		if (sequence != got)
			printf("# answer %u in the place of %u, %u sent\n", sequence, got, sent);
		CHECK(sequence == got);
		CHECK(pong_is_whole(in, n, PING_DATA_MAX));
		got++;
	}
	uint64_t ms = now_ms() - start;

	printf("# %u pings of %u bytes in %lu ms: %lu kB/s each way\n", got, PING_DATA_MAX, (unsigned long)ms,
	       (unsigned long)(got * 1514ul / (ms ? ms : 1)));
	return true;
}

/* While nobody reads, answers pile up and the oldest are lost; then all goes on. */
bool unread(void)
{
	unsigned sequence, left = 0, last = 0;

	for (unsigned i = 0; i < MANY; i++) {
		CHECK(tap_send(out, make_ping(out, i, 100)));
		if (i % 16 == 0)
			usleep(2000);
	}
	usleep(200000);
	for (size_t n; (n = tap_frame(in, 100));) {
		if (!is_pong(in, n, &sequence))
			continue;
		CHECK(!left || sequence > last);
		last = sequence;
		left++;
	}
	printf("# %u of %u answers were left, the last is number %u\n", left, MANY, last);
	CHECK(left > 50 && left < 256);
	CHECK(last == MANY - 1);
	CHECK(tap_send(out, make_ping(out, 77, 56)));
	CHECK(pong(77, WAIT_MS));
	return true;
}

/* As fast as it goes, to nobody; whatever the ring does, nothing gets stuck. */
bool flood(void)
{
	uint64_t start = now_ms();
	unsigned frames = 20 * MANY;
	size_t len = make_ping(out, 0, PING_DATA_MAX);

	memcpy(out, "\x02\0\0\0\0\x77", 6);
	for (unsigned i = 0; i < frames; i++)
		CHECK(tap_send(out, len));
	uint64_t ms = now_ms() - start;

	printf("# %u frames sent in %lu ms: %lu kB/s\n", frames, (unsigned long)ms,
	       (unsigned long)(frames * 1514ul / (ms ? ms : 1)));
	CHECK(tap_send(out, make_ping(out, 78, 56)));
	CHECK(pong(78, WAIT_MS));
	return true;
}

/* A read takes a whole frame, also when its buffer is shorter. */
bool read_cut(void)
{
	unsigned sequence;
	ssize_t n = -1;

	CHECK(tap_send(out, make_ping(out, 5, 1000)));
	CHECK(tap_send(out, make_ping(out, 6, 1000)));
	for (uint64_t end = now_ms() + WAIT_MS; now_ms() < end;) {
		n = read(tap, in, 100);
		if (n == 100 && in[ETHERNET_SIZE + 9] == 1)
			break;
		usleep(1000);
	}
	CHECK(n == 100);
	n = tap_frame(in, WAIT_MS);
	CHECK(n == 1042 && is_pong(in, n, &sequence) && sequence == 6);
	return true;
}

/* A blocking tap on the second device of the domain gets what the first one sends to it; closing it gives the device back. */
bool second(void)
{
	for (unsigned round = 0; round < 2; round++) {
		uint8_t mac[6];
		int fd = tap_open("vif1.1-emu", 0, mac);
		ssize_t n;

		CHECK(fd >= 0);
		CHECK(memcmp(mac, our_mac, 6));
		size_t len = make_ping(out, 300 + round, 500);

		memcpy(out, mac, 6);
		CHECK(tap_send(out, len));
		do {
			n = read(fd, in, sizeof(in));
			CHECK(n > 0);
		} while (n != (ssize_t)len);
		CHECK(!memcmp(in, out, len));
		CHECK(write(fd, in, 13) == -1 && errno == EINVAL);
		CHECK(close(fd) == 0);
	}
	return true;
}

static bool answers(unsigned sequence)
{
	return tap_send(out, make_ping(out, sequence, 56)) && pong(sequence, 200);
}

bool reconnect(void)
{
	uint64_t end = now_ms() + RECONNECT_MS;
	unsigned sequence = 0;

	printf("# waiting for the link to go\n");
	fflush(stdout);
	while (answers(++sequence) && now_ms() < end)
		usleep(50000);
	CHECK(now_ms() < end);
	printf("# it is gone (a write says: %s), waiting for it to come back\n", tap_send(out, 60) ? "sent" : strerror(errno));
	fflush(stdout);
	while (now_ms() < end)
		if (answers(++sequence))
			return true;
		else
			usleep(50000);
	CHECK(!"back");
}
