/* SPDX-License-Identifier: BSD-3-Clause */
/* libxenctrl: what upstream's xc_linux.c holds. */
#include <stdlib.h>
#include <unistd.h>

#include "xc_private.h"

/* Files have no cache apart from themselves. */
void discard_file_cache(xc_interface *xch, int fd, int flush)
{
	int saved = errno;

	(void)xch;
	if (flush)
		fsync(fd);
	errno = saved;
}

void *xc_memalign(xc_interface *xch, size_t alignment, size_t size)
{
	void *p;

	(void)xch;
	return posix_memalign(&p, alignment, size) ? NULL : p;
}
