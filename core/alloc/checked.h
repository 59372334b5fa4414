/* SPDX-License-Identifier: BSD-3-Clause */
/* With CONFIG_DEBUG_MEMORY: what core/alloc checks about its users. Without it, nothing. Shared inside core/alloc only. */
#ifndef ALLOC_CHECKED_H
#define ALLOC_CHECKED_H

#include <core/base.h>
#include <core/string.h>

#ifdef CONFIG_DEBUG_MEMORY
/* kmalloc.c keeps its work under other names, and checked.c has the public ones. */
#define kmalloc raw_kmalloc
#define kzalloc raw_kzalloc
#define krealloc raw_krealloc
#define kfree raw_kfree
#define kstrdup raw_kstrdup

/* Pages that become free, but for what the allocator itself writes there, and pages that are taken: is all still as it was left? */
void poison_pages(void *pages, size_t size);
void check_pages(const void *pages, size_t size);
/* The allocator forgets what it wrote at the start of @page. */
void poison_links(void *page);
#else
static inline void poison_pages(void *pages __unused, size_t size __unused)
{
}

static inline void check_pages(const void *pages __unused, size_t size __unused)
{
}

static inline void poison_links(void *page __unused)
{
}
#endif

/* CONFIG_INIT_ON_ALLOC and CONFIG_INIT_ON_FREE. */
static inline void clear_allocated(void *p __unused, size_t size __unused)
{
#ifdef CONFIG_INIT_ON_ALLOC
	memset(p, 0, size);
#endif
}

static inline void clear_freed(void *p __unused, size_t size __unused)
{
#ifdef CONFIG_INIT_ON_FREE
	memset(p, 0, size);
#endif
}

#endif
