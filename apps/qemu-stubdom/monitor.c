/* SPDX-License-Identifier: BSD-3-Clause */
#include "monitor.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int local_connect(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);

	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && !connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return fd;
	int reason = errno;

	if (fd >= 0)
		close(fd);
	errno = reason;
	return -1;
}

int monitor_connect(void)
{
	return local_connect(QMP_SOCKET);
}
