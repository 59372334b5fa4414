/* SPDX-License-Identifier: BSD-3-Clause */
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "if_tun.h"
#include "test.h"

int tap = -1;
uint8_t our_mac[6];

int tap_open(const char *name, int flags, uint8_t *mac)
{
	struct ifreq req = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | flags);

	strcpy(req.ifr_name, name);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &req) || ioctl(fd, SIOCGIFHWADDR, &req))
		return -1;
	memcpy(mac, req.ifr_hwaddr.sa_data, 6);
	return fd;
}

bool tap_start(void)
{
	tap = tap_open("vif1.0-emu", O_NONBLOCK, our_mac);
	CHECK(tap >= 0);
	choose_address();
	return true;
}

uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ull + t.tv_nsec / 1000000;
}

static size_t read_frame(uint8_t *buf)
{
	ssize_t n = read(tap, buf, FRAME_MAX);
	size_t answer = n > 0 ? answer_arp(buf, n) : 0;

	if (answer)
		tap_send(buf, answer);
	return n > 0 ? n : 0;
}

size_t tap_frame(uint8_t *buf, int ms)
{
	struct pollfd p = { .fd = tap, .events = POLLIN };
	size_t n = read_frame(buf);

	if (!n && poll(&p, 1, ms) == 1)
		n = read_frame(buf);
	return n;
}

bool tap_send(const uint8_t *frame, size_t len)
{
	struct pollfd p = { .fd = tap, .events = POLLOUT };

	for (;;) {
		ssize_t n = write(tap, frame, len);

		if (n == (ssize_t)len)
			return true;
		if (n >= 0 || errno != EAGAIN || poll(&p, 1, 1000) != 1)
			return false;
	}
}
