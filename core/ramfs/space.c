/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How much a file system may hold. What is asked of memory beyond its size is refused, like a disk that is full, long before memory itself
 * is: that serves everybody.
 */
#include <core/alloc.h>

#include "internal.h"

static bool take(uint64_t *used, uint64_t max)
{
	if (__atomic_add_fetch(used, 1, __ATOMIC_RELAXED) <= max)
		return true;
	__atomic_sub_fetch(used, 1, __ATOMIC_RELAXED);
	return false;
}

bool space_take_page(struct ramfs_inode *r)
{
	struct ramfs_super *sb = to_super(r->base.sb);

	return take(&sb->pages, sb->pages_max);
}

void space_give_pages(struct ramfs_inode *r, uint64_t count)
{
	__atomic_sub_fetch(&to_super(r->base.sb)->pages, count, __ATOMIC_RELAXED);
}

bool space_take_inode(struct superblock *sb)
{
	return take(&to_super(sb)->inodes, to_super(sb)->inodes_max);
}

void space_give_inode(struct superblock *sb)
{
	__atomic_sub_fetch(&to_super(sb)->inodes, 1, __ATOMIC_RELAXED);
}

uint64_t space_left(const struct superblock *sb)
{
	const struct ramfs_super *s = to_super((struct superblock *)(uintptr_t)sb);
	uint64_t free = page_available(), reserve = page_reserve();

	free = free > reserve ? free - reserve : 0;
	return s->pages < s->pages_max ? MIN(s->pages_max - s->pages, free) : 0;
}

/* A number with K, M or G behind it, or with % of memory. 0 when it is none of these. */
static uint64_t parse_pages(const char *s)
{
	uint64_t n = 0;

	for (; *s >= '0' && *s <= '9' && n < UINT32_MAX; s++)
		n = n * 10 + (uint64_t)(*s - '0');
	switch (*s++) {
	case '%':
		n = MIN(n, 100ul) * page_total() / 100;
		break;
	case 'K':
	case 'k':
		n = n * 1024 / PAGE_SIZE;
		break;
	case 'M':
	case 'm':
		n = n * 1024 * 1024 / PAGE_SIZE;
		break;
	case 'G':
	case 'g':
		n = n * 1024 * 1024 * 1024 / PAGE_SIZE;
		break;
	default:
		return 0;
	}
	return *s && *s != ' ' ? 0 : n;
}

void space_init(struct ramfs_super *s, const char *size)
{
	s->pages_max = size ? parse_pages(size) : 0;
	if (!s->pages_max)
		s->pages_max = page_total() / 2;
	/* A file without content takes a few hundred bytes. */
	s->inodes_max = page_total() / 2;
}
