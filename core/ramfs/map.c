/* SPDX-License-Identifier: BSD-3-Clause */
/* Mapping files: a shared mapping shows the file's own pages, a private one gets copies at the first touch. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/string.h>

#include "internal.h"

static int shared_page(void *object, uint64_t offset, void **page, bool *shared)
{
	struct ramfs_inode *r = object;

	if (offset >= ALIGN_UP((uint64_t)r->base.size, PAGE_SIZE))
		return -EIO;
	*page = ramfs_page(r, offset / PAGE_SIZE, true);
	*shared = true;
	return *page ? 0 : -EIO; /* as on a full disk */
}

static int private_page(void *object, uint64_t offset, void **page, bool *shared)
{
	struct ramfs_inode *r = object;
	void *copy, *from;

	if (offset >= ALIGN_UP((uint64_t)r->base.size, PAGE_SIZE))
		return -EIO;
	copy = page_alloc(0);
	if (!copy)
		return -ENOMEM;
	spin_lock(&r->lock);
	from = pages_get(&r->pages, offset / PAGE_SIZE);
	if (from)
		memcpy(copy, from, PAGE_SIZE);
	else
		memset(copy, 0, PAGE_SIZE);
	spin_unlock(&r->lock);
	*page = copy;
	*shared = false;
	return 0;
}

static void ref_private(void *object)
{
	inode_get(&((struct ramfs_inode *)object)->base);
}

static void unref_private(void *object)
{
	inode_put(&((struct ramfs_inode *)object)->base);
}

static void ref_shared(void *object)
{
	struct ramfs_inode *r = object;

	inode_get(&r->base);
	spin_lock(&r->lock);
	r->maps++;
	spin_unlock(&r->lock);
}

/* Pages that only the mapping held are freed by the next write, truncate or close: those hold the lock that is needed. */
static void unref_shared(void *object)
{
	struct ramfs_inode *r = object;

	spin_lock(&r->lock);
	r->maps--;
	spin_unlock(&r->lock);
	inode_put(&r->base);
}

/* What is mapped for reading only may be made writable later. */
int ramfs_seal(struct inode *inode, uint32_t seals)
{
	struct ramfs_inode *r = to_ramfs(inode);
	int ret = 0;

	spin_lock(&r->lock);
	if ((seals & F_SEAL_WRITE) && r->maps)
		ret = -EBUSY;
	else
		inode->seals |= seals;
	spin_unlock(&r->lock);
	return ret;
}

static const struct vmem_pager shared_pager = { shared_page, ref_shared, unref_shared };
static const struct vmem_pager private_pager = { private_page, ref_private, unref_private };

int ramfs_mmap(struct file *f, uint64_t offset, size_t size, bool shared, bool writable, const struct vmem_pager **pager,
               void **object)
{
	struct ramfs_inode *r = to_ramfs(f->inode);

	(void)offset;
	(void)size;
	if (shared && writable && (r->base.seals & RAMFS_SEALS_WRITE))
		return -EPERM;
	*object = r;
	*pager = shared ? &shared_pager : &private_pager;
	(*pager)->ref(r);
	return 0;
}
