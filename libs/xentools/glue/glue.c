/* SPDX-License-Identifier: BSD-3-Clause */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#include "glue.h"

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

int xentools_token_open(void)
{
	return open("/dev/null", O_RDWR | O_CLOEXEC);
}

int xentools_token_check(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags >= 0 && (flags & O_ACCMODE) == O_RDWR ? 0 : (int)xentools_result(-EACCES);
}

void *xentools_alloc_pages(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	if (!madvise(p, size, MADV_POPULATE_WRITE))
		return p;
	munmap(p, size);
	errno = ENOMEM;
	return NULL;
}

int xentools_enosys(const char *call)
{
	fprintf(stderr, "xentools: %s: not implemented\n", call);
	errno = ENOSYS;
	return -1;
}
