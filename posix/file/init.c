/* SPDX-License-Identifier: BSD-3-Clause */
/* The standard descriptors. */
#include <core/init.h>
#include <core/log.h>
#include <posix/calls.h>

#include "internal.h"

static int posix_file_init(void)
{
	long fd = sys_open("/dev/console", O_RDWR, 0);

	if (fd < 0) {
		pr_warn("no /dev/console: output of the application is lost");
		fd = sys_open("/dev/null", O_RDWR, 0);
	}
	if (fd < 0)
		return fd;
	sys_dup2(fd, 1);
	sys_dup2(fd, 2);
	return 0;
}

INITCALL(INIT_PROCESS, posix_file_init);
