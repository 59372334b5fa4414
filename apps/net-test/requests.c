/* SPDX-License-Identifier: BSD-3-Clause */
#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "if_tun.h"
#include "test.h"

static bool fails(int fd, unsigned long request, void *arg, int error)
{
	return ioctl(fd, request, arg) == -1 && errno == error;
}

/* In the order of QEMU's net/tap-linux.c. */
bool tap_requests(void)
{
	struct ifreq req = { .ifr_flags = 0 };
	unsigned features = 0;
	int size = 10, most = INT_MAX;

	CHECK(if_nametoindex("vif1.0-emu") == 0);
	CHECK(ioctl(tap, TUNGETFEATURES, &features) == 0);
	CHECK(features == (IFF_TAP | IFF_NO_PI));
	CHECK(ioctl(tap, TUNSETVNETHDRSZ, &size) == 0);
	CHECK(ioctl(tap, TUNGETIFF, &req) == 0);
	CHECK(!strcmp(req.ifr_name, "vif1.0-emu"));
	CHECK(!(req.ifr_flags & IFF_VNET_HDR));
	CHECK(ioctl(tap, TUNSETSNDBUF, &most) == 0);
	CHECK(fails(tap, TUNSETOFFLOAD, (void *)(TUN_F_CSUM | TUN_F_UFO), EINVAL));
	CHECK(ioctl(tap, TUNSETOFFLOAD, 0) == 0);
	CHECK(fails(tap, TUNSETIFF, &req, EINVAL));
	CHECK(fails(tap, TIOCGWINSZ, &req, ENOTTY));
	return true;
}

/* A second tap finds the device in use; what is not a tap yet does nothing. */
bool tap_busy(void)
{
	struct ifreq same = { .ifr_name = "vif1.0-emu", .ifr_flags = IFF_TAP | IFF_NO_PI };
	struct ifreq none = { .ifr_name = "vif1.9-emu", .ifr_flags = IFF_TAP | IFF_NO_PI };
	struct ifreq next = { .ifr_name = "tap%d", .ifr_flags = IFF_TAP | IFF_NO_PI };
	struct ifreq vnet = { .ifr_name = "tap%d", .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
	int fd = open("/dev/net/tun", O_RDWR);
	char c[60] = { 0 };

	CHECK(fd >= 0);
	CHECK(write(fd, c, sizeof(c)) == -1 && errno == EBADFD);
	CHECK(read(fd, c, sizeof(c)) == -1 && errno == EBADFD);
	CHECK(fails(fd, TUNGETIFF, &same, EBADFD));
	CHECK(fails(fd, TUNSETIFF, &same, EBUSY));
	CHECK(fails(fd, TUNSETIFF, &none, ENODEV));
	CHECK(fails(fd, TUNSETIFF, &next, EBUSY));
	CHECK(fails(fd, TUNSETIFF, &vnet, EINVAL));
	CHECK(close(fd) == 0);
	return true;
}

bool tap_poll_empty(void)
{
	static uint8_t buf[FRAME_MAX];
	struct pollfd p = { .fd = tap, .events = POLLIN };
	int n;

	while (read(tap, buf, sizeof(buf)) > 0)
		;
	CHECK(errno == EAGAIN);
	/* Others on the bridge may say something. */
	n = poll(&p, 1, 50);
	CHECK(n == 0 || (n == 1 && p.revents == POLLIN));
	p.events = POLLOUT;
	CHECK(poll(&p, 1, 0) == 1 && p.revents == POLLOUT);
	CHECK(write(tap, buf, 13) == -1 && errno == EINVAL);
	return true;
}
