/* SPDX-License-Identifier: BSD-3-Clause */
/* Pseudo terminals. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "test.h"

static int master, slave;

static bool open_pair(void)
{
	char name[64];

	master = posix_openpt(O_RDWR | O_NOCTTY);
	if (master < 0 || grantpt(master))
		return false;
	if (ptsname_r(master, name, sizeof(name)) || open(name, O_RDWR | O_NOCTTY) >= 0 || errno != EIO)
		return false; /* locked */
	if (unlockpt(master))
		return false;
	slave = open(name, O_RDWR | O_NOCTTY);
	return slave >= 0;
}

static void close_pair(void)
{
	close(slave);
	close(master);
}

static void lines(void)
{
	char buf[64];

	CHECK(open_pair());
	CHECK(isatty(slave));
	CHECK_EQ(write(master,
	               "ab\x7f"
	               "c\n",
	               5),
	         5);
	CHECK_EQ(read(slave, buf, sizeof(buf)), 3);
	CHECK(!memcmp(buf, "ac\n", 3));
	CHECK_EQ(read(master, buf, sizeof(buf)), 8); /* ab, rubbed out, c, end of line */
	CHECK(!memcmp(buf, "ab\b \bc\r\n", 8));
	CHECK_EQ(write(slave, "x\ny", 3), 3);
	CHECK_EQ(read(master, buf, sizeof(buf)), 4);
	CHECK(!memcmp(buf, "x\r\ny", 4));
	CHECK_EQ(write(master, "\x04", 1), 1);
	CHECK_EQ(read(slave, buf, sizeof(buf)), 0);
	close_pair();
}

static void raw(void)
{
	struct termios t;
	char buf[64];
	int n;

	CHECK(open_pair());
	CHECK_EQ(tcgetattr(slave, &t), 0);
	CHECK(t.c_lflag & ICANON);
	cfmakeraw(&t);
	CHECK_EQ(tcsetattr(slave, TCSANOW, &t), 0);
	CHECK_EQ(write(master, "\x03\x7f\r", 3), 3);
	CHECK_EQ(poll(&(struct pollfd){ slave, POLLIN, 0 }, 1, 1000), 1); /* Linux may take a moment */
	CHECK_EQ(ioctl(slave, FIONREAD, &n), 0);
	CHECK_EQ(n, 3);
	CHECK_EQ(read(slave, buf, sizeof(buf)), 3);
	CHECK(!memcmp(buf, "\x03\x7f\r", 3));
	CHECK_EQ(write(slave, "a\nb", 3), 3);
	CHECK_EQ(read(master, buf, sizeof(buf)), 3);
	fcntl(master, F_SETFL, O_NONBLOCK);
	CHECK_ERR(read(master, buf, 1), EAGAIN);
	close_pair();
}

static void sizes(void)
{
	struct winsize w = { 25, 80, 0, 0 }, got = { 0 };

	CHECK(open_pair());
	CHECK_EQ(ioctl(slave, TIOCGWINSZ, &got), 0);
	CHECK(!got.ws_row && !got.ws_col);
	CHECK_EQ(ioctl(master, TIOCSWINSZ, &w), 0);
	CHECK_EQ(ioctl(slave, TIOCGWINSZ, &got), 0);
	CHECK(got.ws_row == 25 && got.ws_col == 80);
	close_pair();
}

static void hanging_up(void)
{
	struct pollfd p;
	char name[64], c;

	CHECK(open_pair());
	p = (struct pollfd){ master, POLLIN, 0 };
	CHECK_EQ(poll(&p, 1, 0), 0);
	CHECK_EQ(write(slave, "z", 1), 1);
	close(slave);
	CHECK_EQ(read(master, &c, 1), 1); /* what was written stays */
	CHECK_ERR(read(master, &c, 1), EIO);
	CHECK_EQ(poll(&p, 1, 0), 1);
	CHECK(p.revents & POLLHUP);
	CHECK_EQ(ptsname_r(master, name, sizeof(name)), 0);
	slave = open(name, O_RDWR | O_NOCTTY);
	CHECK(slave >= 0);
	close(master);
	CHECK_EQ(read(slave, &c, 1), 0);
	CHECK_ERR(write(slave, &c, 1), EIO);
	CHECK(open(name, O_RDWR | O_NOCTTY) == -1 && (errno == ENOENT || errno == EIO));
	p.fd = slave;
	CHECK_EQ(poll(&p, 1, 0), 1);
	CHECK(p.revents & POLLHUP);
	close(slave);
}

static void many(void)
{
	int fds[20];
	char name[64];
	struct stat st;

	for (int i = 0; i < 20; i++)
		CHECK((fds[i] = posix_openpt(O_RDWR | O_NOCTTY)) >= 0);
	CHECK_EQ(ptsname_r(fds[19], name, sizeof(name)), 0);
	CHECK_EQ(stat(name, &st), 0);
	CHECK(S_ISCHR(st.st_mode));
	for (int i = 0; i < 20; i++)
		close(fds[i]);
	CHECK_ERR(stat(name, &st), ENOENT);
}

const struct test ptys_tests[] = {
	{ "lines", lines }, { "raw", raw }, { "sizes", sizes }, { "hanging_up", hanging_up }, { "many", many }, { 0 },
};
