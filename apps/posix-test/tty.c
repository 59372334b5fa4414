/* SPDX-License-Identifier: BSD-3-Clause */
/* The console as a terminal. What needs somebody at the keyboard is not tested here. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "test.h"

static void attributes(void)
{
	struct termios t, raw, back;
	int fd = open("/dev/tty", O_RDWR | O_NONBLOCK);

	CHECK(fd >= 0);
	CHECK_EQ(isatty(fd), 1);
	CHECK_EQ(tcgetattr(fd, &t), 0);
	CHECK(t.c_lflag & ICANON && t.c_cc[VINTR] == 3);
	raw = t;
	cfmakeraw(&raw);
	raw.c_cc[VMIN] = 0;
	CHECK_EQ(tcsetattr(fd, TCSANOW, &raw), 0);
	CHECK_EQ(tcgetattr(fd, &back), 0);
	CHECK(!(back.c_lflag & (ICANON | ECHO | ISIG)) && back.c_cc[VMIN] == 0);
	CHECK_EQ(tcsetattr(fd, TCSAFLUSH, &t), 0);
	CHECK_EQ(tcflush(fd, TCIOFLUSH), 0);
	CHECK_EQ(tcdrain(fd), 0);
	close(fd);
}

static void window(void)
{
	struct winsize w = { 25, 80, 0, 0 }, got;
	int fd = open("/dev/tty", O_RDWR);

	CHECK_EQ(ioctl(fd, TIOCSWINSZ, &w), 0);
	CHECK_EQ(ioctl(fd, TIOCGWINSZ, &got), 0);
	CHECK(got.ws_row == 25 && got.ws_col == 80);
	CHECK_ERR(ioctl(fd, 0x1234, 0), ENOTTY);
	close(fd);
}

static void reading(void)
{
	int fd = open("/dev/tty", O_RDWR | O_NONBLOCK);
	struct pollfd f = { fd, POLLIN | POLLOUT, 0 };
	char c;

	CHECK_ERR(read(fd, &c, 1), EAGAIN);
	CHECK_EQ(poll(&f, 1, 100), 1);
	CHECK_EQ(f.revents, POLLOUT);
	f.events = POLLIN;
	CHECK_EQ(poll(&f, 1, 50), 0);
	CHECK_ERR(lseek(fd, 0, SEEK_SET), ESPIPE);
	close(fd);
}

static void not_a_terminal(void)
{
	int fd = open("/dev/null", O_RDWR);

	CHECK_EQ(isatty(fd), 0);
	CHECK_EQ(errno, ENOTTY);
	close(fd);
}

const struct test tty_tests[] = {
	{ "attributes", attributes }, { "window", window }, { "reading", reading }, { "not_a_terminal", not_a_terminal }, { 0 },
};
