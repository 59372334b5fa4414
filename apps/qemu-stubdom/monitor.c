/* SPDX-License-Identifier: BSD-3-Clause */
#include "monitor.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int monitor_connect(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = QMP_SOCKET };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && !connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return fd;
	fprintf(stderr, "qmp: %s: %s\n", QMP_SOCKET, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}
