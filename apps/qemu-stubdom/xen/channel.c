/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "channel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

bool channel_exists(const char *path)
{
	return !access(path, F_OK);
}

int channel_open(const char *path, int mode)
{
	struct termios t;
	int fd = open(path, mode | O_NOCTTY);

	if (fd >= 0 && !tcgetattr(fd, &t)) {
		cfmakeraw(&t);
		if (!tcsetattr(fd, TCSANOW, &t))
			return fd;
	}
	fprintf(stderr, "%s: cannot be used for the guest's state: %s\n", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}
