/* SPDX-License-Identifier: BSD-3-Clause */
#include "port.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

int port_open(const char *path)
{
	struct termios t;
	int fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -1;
	if (!tcgetattr(fd, &t)) {
		cfmakeraw(&t);
		t.c_cflag &= ~CLOCAL;
		if (!tcsetattr(fd, TCSANOW, &t))
			return fd;
	}
	close(fd);
	return -1;
}
