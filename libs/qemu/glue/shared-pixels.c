/* SPDX-License-Identifier: BSD-3-Clause */
#include "shared-pixels.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include <drivers/xen-grant.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif
#define PAGE 4096u

int shared_pixels_reserve(struct shared_pixels *s, unsigned domid, size_t size)
{
	unsigned pages = (size + PAGE - 1) / PAGE;

	s->refs = malloc(pages * sizeof(*s->refs));
	if (!s->refs)
		return -ENOMEM;
	s->pixels = mmap(NULL, (size_t)pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (s->pixels == MAP_FAILED) {
		free(s->refs);
		return -errno;
	}
	s->pages = 0;
	s->pages_max = pages;
	s->domid = domid;
	return 0;
}

int shared_pixels_grow(struct shared_pixels *s, unsigned pages)
{
	int limited = pages > s->pages_max ? -ENOSPC : 0;

	if (limited)
		pages = s->pages_max;
	for (; s->pages < pages; s->pages++) {
		char *page = (char *)s->pixels + (size_t)s->pages * PAGE;

		if (madvise(page, PAGE, MADV_POPULATE_WRITE))
			return -errno;
		int ref = xen_grant_access(s->domid, page, true);

		if (ref < 0)
			return ref;
		s->refs[s->pages] = ref;
	}
	return limited;
}
