/* SPDX-License-Identifier: BSD-3-Clause */
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "test.h"

#define PORT "/dev/vport0p1"
#define LINES 8192
#define ECHO_SIZE (256 << 10) /* many times what any buffer on the way holds */

static int open_raw(const char *path, int flags)
{
	int fd = open(path, O_RDWR | O_NOCTTY | flags);
	struct termios t;

	if (fd < 0 || tcgetattr(fd, &t))
		return -1;
	cfmakeraw(&t);
	t.c_cflag &= ~CLOCAL; /* output waits for the other end */
	return tcsetattr(fd, TCSANOW, &t) ? -1 : fd;
}

static bool wait_for(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };

	return poll(&p, 1, 20000) == 1 && p.revents & events;
}

/* A terminal that cooks takes bytes out of the port as they come in. Ask for numbered lines; each must come once, in order. */
bool port_lines(void)
{
	int fd = open(PORT, O_RDWR | O_NOCTTY);
	struct termios t;
	char line[64];

	CHECK(fd >= 0 && !tcgetattr(fd, &t));
	CHECK(t.c_lflag & ICANON);
	t.c_lflag &= ~ECHO;
	t.c_oflag &= ~OPOST;
	t.c_cflag &= ~CLOCAL; /* wait for the other end */
	CHECK(!tcsetattr(fd, TCSANOW, &t));
	CHECK(write(fd, "lines\n", 6) == 6);
	for (int i = 0; i < LINES; i++) {
		ssize_t n = read(fd, line, sizeof(line) - 1);

		CHECK(n == 8);
		line[n] = 0;
		CHECK(atoi(line) == i);
	}
	close(fd);
	return true;
}

/* Say "ready", then send back all that comes, without blocking calls, in odd sizes. */
bool port_echo(void)
{
	int fd = open_raw(PORT, O_NONBLOCK);
	char buf[1537];

	CHECK(fd >= 0);
	CHECK(write(fd, "ready\n", 6) == 6);
	for (long done = 0; done < ECHO_SIZE;) {
		CHECK(wait_for(fd, POLLIN));
		ssize_t n = read(fd, buf, sizeof(buf));

		CHECK(n > 0);
		for (ssize_t sent = 0; sent < n;) {
			CHECK(wait_for(fd, POLLOUT));
			ssize_t m = write(fd, buf + sent, n - sent);

			CHECK(m > 0 || errno == EAGAIN);
			sent += m > 0 ? m : 0;
		}
		done += n;
	}
	close(fd);
	return true;
}

bool port_hvc(void)
{
	int fd = open_raw("/dev/hvc0", 0);

	CHECK(fd >= 0);
	CHECK(write(fd, "hello from hvc0\n", 16) == 16);
	tcdrain(fd);
	close(fd);
	return true;
}

/* A serial line whose other end is not there takes everything, and at once: far more than any buffer on the way holds. */
bool port_unheard(void)
{
	char path[] = "/dev/vport0p3", line[1000];
	int fd = open(path, O_RDWR | O_NOCTTY);
	struct termios t;

	CHECK(fd >= 0 && !tcgetattr(fd, &t));
	CHECK(t.c_cflag & CLOCAL);
	memset(line, 'x', sizeof(line));
	for (int i = 0; i < 1000; i++)
		CHECK(write(fd, line, sizeof(line)) == sizeof(line));
	CHECK(!tcdrain(fd));
	close(fd);
	return true;
}

/* A server's greeting is another matter: it waits, and does not block who looks first. */
bool port_greeting(void)
{
	int fd = open("/dev/vport0p3", O_RDWR | O_NOCTTY | O_NONBLOCK);
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	struct termios t;

	CHECK(fd >= 0 && !tcgetattr(fd, &t));
	t.c_cflag &= ~CLOCAL;
	CHECK(!tcsetattr(fd, TCSANOW, &t));
	CHECK(poll(&p, 1, 100) == 0);
	CHECK(write(fd, "hello", 5) == -1 && errno == EAGAIN);
	t.c_cflag |= CLOCAL;
	CHECK(!tcsetattr(fd, TCSANOW, &t));
	CHECK(write(fd, "hello", 5) == 5);
	close(fd);
	return true;
}

/* The port under the name that the host gave it. */
bool port_name(void)
{
	int fd = open("/dev/virtio-ports/org.unidom.echo", O_RDWR | O_NOCTTY);

	CHECK(fd >= 0);
	close(fd);
	return true;
}

bool random_differs(void)
{
	int fd = open("/dev/urandom", O_RDONLY);
	uint64_t a[4], b[4];

	CHECK(fd >= 0);
	CHECK(read(fd, a, sizeof(a)) == sizeof(a) && read(fd, b, sizeof(b)) == sizeof(b));
	CHECK(memcmp(a, b, sizeof(a)));
	close(fd);
	return true;
}
