/* SPDX-License-Identifier: BSD-3-Clause */
/* Devices that are pulled out while threads wait for them: each wait ends with EIO, and so does whatever is asked of them later. */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "test.h"

#define LINE 1000

static bool is_eio(ssize_t n)
{
	return n == -1 && errno == EIO;
}

/* Reads until one fails: the last of them was on its way, or waits for room behind it. */
static void *read_disk(void *arg)
{
	int fd = open("/dev/vda", O_RDONLY);
	char *buf = aligned_alloc(4096, 65536);
	ssize_t n;

	(void)arg;
	do
		n = pread(fd, buf, 65536, 0);
	while (n > 0);
	bool ok = is_eio(n) && is_eio(pread(fd, buf, 4096, 8192));

	free(buf);
	return ok ? "" : NULL;
}

static void *read_port(void *arg)
{
	int fd = open(arg, O_RDWR | O_NOCTTY);
	struct termios t;
	char c;

	if (tcgetattr(fd, &t))
		return NULL;
	cfmakeraw(&t);
	return !tcsetattr(fd, TCSANOW, &t) && is_eio(read(fd, &c, 1)) && is_eio(read(fd, &c, 1)) ? "" : NULL;
}

static void *poll_port(void *arg)
{
	struct pollfd p = { .fd = open(arg, O_RDWR | O_NOCTTY | O_NONBLOCK), .events = POLLIN };
	char c;

	if (poll(&p, 1, -1) != 1 || !(p.revents & POLLIN) || !(p.revents & POLLHUP))
		return NULL;
	return is_eio(read(p.fd, &c, 1)) ? "" : NULL;
}

/* Without CLOCAL, and with nobody at the other end: it waits at once. */
static void *write_port(void *arg)
{
	int fd = open(arg, O_RDWR | O_NOCTTY);
	struct termios t;

	if (tcgetattr(fd, &t))
		return NULL;
	cfmakeraw(&t);
	t.c_cflag &= ~CLOCAL;
	return !tcsetattr(fd, TCSANOW, &t) && is_eio(write(fd, "hello", 5)) ? "" : NULL;
}

bool pulled_out(void)
{
	static const struct {
		const char *name;
		void *(*run)(void *arg);
		const char *path;
	} waits[] = {
		{ "a disk's reader", read_disk, NULL },
		{ "another one", read_disk, NULL },
		{ "a port's reader", read_port, "/dev/vport0p1" },
		{ "a port's poller", poll_port, "/dev/vport0p2" },
		{ "a port's writer", write_port, "/dev/vport0p3" },
	};
	enum { COUNT = sizeof(waits) / sizeof(waits[0]) };
	pthread_t threads[COUNT];
	bool ok = true;

	for (unsigned i = 0; i < COUNT; i++)
		CHECK(!pthread_create(&threads[i], NULL, waits[i].run, (void *)waits[i].path));
	usleep(100000);
	printf("# waiting for the devices to go\n");
	fflush(stdout);
	for (unsigned i = 0; i < COUNT; i++) {
		void *result;

		pthread_join(threads[i], &result);
		printf("# %s: %s\n", waits[i].name, result ? "EIO" : "no EIO");
		ok = ok && result;
	}
	return ok;
}
