/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The content of regular files. The inode's sleeping lock covers size and content; the spin lock covers the tree alone, so
 * that a page fault on a mapping can look a page up. While a file is mapped its pages stay where they are: what is cut off is
 * cleared instead of freed, and freed once nobody maps the file.
 */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/string.h>
#include <core/time.h>

#include "internal.h"

#define FILE_MAX INT64_MAX
#define HOLE_STEP 512 /* pages that are looked at in one go */

void *ramfs_page(struct ramfs_inode *r, uint64_t index, bool make)
{
	void *page;

	spin_lock(&r->lock);
	page = pages_get(&r->pages, index);
	if (!page && make && space_take_page(r)) {
		page = pages_make(&r->pages, index);
		if (!page)
			space_give_pages(r, 1);
	}
	spin_unlock(&r->lock);
	return page;
}

/* A step of dropping pages, with the spin lock held. */
static uint64_t drop_step(struct ramfs_inode *r, uint64_t first, uint64_t last)
{
	uint64_t before = r->pages.count;

	first = pages_drop(&r->pages, first, last);
	space_give_pages(r, before - r->pages.count);
	return first;
}

void ramfs_drop_all(struct ramfs_inode *r)
{
	for (uint64_t at = 0; at < UINT64_MAX;) {
		spin_lock(&r->lock);
		at = drop_step(r, at, UINT64_MAX);
		spin_unlock(&r->lock);
	}
}

void ramfs_remove(struct ramfs_inode *r, uint64_t first, uint64_t last)
{
	while (first < last) {
		spin_lock(&r->lock);
		if (r->maps) {
			first = pages_clear(&r->pages, first, last);
			r->trim = true;
		} else {
			first = drop_step(r, first, last);
		}
		spin_unlock(&r->lock);
	}
}

/* Free what a mapping held, if it is gone. */
static void settle(struct ramfs_inode *r)
{
	uint64_t at = DIV_ROUND_UP((uint64_t)r->base.size, PAGE_SIZE);

	while (r->trim) {
		spin_lock(&r->lock);
		if (r->maps) {
			spin_unlock(&r->lock);
			return;
		}
		at = drop_step(r, at, UINT64_MAX);
		r->trim = at < UINT64_MAX;
		spin_unlock(&r->lock);
	}
}

static void zero_range(struct ramfs_inode *r, uint64_t from, uint64_t to)
{
	uint64_t first = DIV_ROUND_UP(from, PAGE_SIZE), last = to / PAGE_SIZE;
	char *page;

	if (from % PAGE_SIZE) {
		page = ramfs_page(r, from / PAGE_SIZE, false);
		if (page)
			memset(page + from % PAGE_SIZE, 0, MIN(to - ALIGN_DOWN(from, PAGE_SIZE), PAGE_SIZE) - from % PAGE_SIZE);
	}
	if (first < last)
		ramfs_remove(r, first, last);
	if (to % PAGE_SIZE && last >= first) {
		page = ramfs_page(r, last, false);
		if (page)
			memset(page, 0, to % PAGE_SIZE);
	}
}

int ramfs_truncate(struct inode *inode, off_t size)
{
	struct ramfs_inode *r = to_ramfs(inode);

	if ((size < inode->size && (inode->seals & F_SEAL_SHRINK)) || (size > inode->size && (inode->seals & F_SEAL_GROW)))
		return -EPERM;
	settle(r);
	if (size < inode->size) {
		off_t old = inode->size;

		inode->size = size;
		zero_range(r, size, ALIGN_UP((uint64_t)old, PAGE_SIZE));
	}
	inode->size = size;
	return 0;
}

static ssize_t read_locked(struct ramfs_inode *r, struct iov_iter *it, off_t *pos)
{
	ssize_t done = 0;

	while (it->left && *pos < r->base.size) {
		size_t in = *pos % PAGE_SIZE;
		size_t n = MIN(PAGE_SIZE - in, (uint64_t)(r->base.size - *pos));
		char *page = ramfs_page(r, *pos / PAGE_SIZE, false);

		n = page ? iov_put(it, page + in, n) : iov_zero(it, n);
		*pos += n;
		done += n;
	}
	return done;
}

static ssize_t ramfs_read(struct file *f, struct iov_iter *it, off_t *pos)
{
	struct ramfs_inode *r = to_ramfs(f->inode);
	ssize_t done;

	mutex_lock(&r->base.lock);
	done = read_locked(r, it, pos);
	mutex_unlock(&r->base.lock);
	if (!(f->flags & O_NOATIME))
		inode_touch(&r->base, INODE_ATIME);
	return done;
}

static ssize_t write_locked(struct ramfs_inode *r, struct iov_iter *it, off_t *pos)
{
	off_t end = (off_t)MIN((uint64_t)FILE_MAX, file_size_limit);
	ssize_t done = 0;

	if (r->base.seals & RAMFS_SEALS_WRITE)
		return -EPERM;
	if (*pos >= end && it->left) {
		if (*pos < FILE_MAX && file_limit_hook)
			file_limit_hook();
		return -EFBIG;
	}
	if ((r->base.seals & F_SEAL_GROW) && (uint64_t)*pos + it->left > (uint64_t)r->base.size)
		return -EPERM;
	settle(r);
	while (it->left && *pos < end) {
		size_t in = *pos % PAGE_SIZE;
		size_t n = MIN(PAGE_SIZE - in, (uint64_t)(end - *pos));
		char *page = ramfs_page(r, *pos / PAGE_SIZE, true);

		if (!page)
			return done ? done : -ENOSPC;
		n = iov_get(it, page + in, n);
		*pos += n;
		done += n;
		r->base.size = MAX(r->base.size, *pos);
	}
	return done;
}

static ssize_t ramfs_write(struct file *f, struct iov_iter *it, off_t *pos)
{
	struct ramfs_inode *r = to_ramfs(f->inode);
	ssize_t done;

	mutex_lock(&r->base.lock);
	if (file_appends(f, it))
		*pos = r->base.size;
	done = write_locked(r, it, pos);
	mutex_unlock(&r->base.lock);
	if (done > 0)
		inode_touch(&r->base, INODE_MTIME | INODE_CTIME);
	return done;
}

/* The first page from @index on that is not there. */
static uint64_t next_hole(struct ramfs_inode *r, uint64_t index)
{
	bool full = true;

	while (full) {
		spin_lock(&r->lock);
		for (unsigned n = 0; n < HOLE_STEP && (full = pages_get(&r->pages, index)); n++)
			index++;
		spin_unlock(&r->lock);
	}
	return index;
}

/* SEEK_DATA and SEEK_HOLE by pages. */
static off_t seek_data(struct ramfs_inode *r, off_t offset, bool data)
{
	uint64_t index = offset / PAGE_SIZE, found;

	if (offset < 0 || offset >= r->base.size)
		return -ENXIO;
	if (data) {
		spin_lock(&r->lock);
		found = pages_next(&r->pages, index);
		spin_unlock(&r->lock);
	} else {
		found = next_hole(r, index);
	}
	if (found == index)
		return offset;
	if (found >= DIV_ROUND_UP((uint64_t)r->base.size, PAGE_SIZE))
		return data ? -ENXIO : r->base.size;
	return found * PAGE_SIZE;
}

static off_t ramfs_seek(struct file *f, off_t offset, int whence)
{
	struct ramfs_inode *r = to_ramfs(f->inode);

	if (whence == SEEK_DATA || whence == SEEK_HOLE)
		return seek_data(r, offset, whence == SEEK_DATA);
	return seek_in(f->pos, r->base.size, offset, whence);
}

static int ramfs_file_truncate(struct file *f, off_t size)
{
	return inode_truncate(f->inode, size);
}

static int ramfs_fallocate(struct file *f, int mode, off_t offset, off_t len)
{
	struct ramfs_inode *r = to_ramfs(f->inode);
	off_t end = offset + len;
	int ret = 0;

	mutex_lock(&r->base.lock);
	if (mode & (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE)) {
		if (r->base.seals & RAMFS_SEALS_WRITE)
			ret = -EPERM;
		else if (offset < r->base.size)
			zero_range(r, offset, MIN((uint64_t)end, ALIGN_UP((uint64_t)r->base.size, PAGE_SIZE)));
	}
	if (!ret && !(mode & FALLOC_FL_KEEP_SIZE) && end > r->base.size && (r->base.seals & F_SEAL_GROW))
		ret = -EPERM;
	if (!ret && !(mode & FALLOC_FL_KEEP_SIZE))
		ret = inode_check_size(&r->base, (uint64_t)end);
	if (!ret && !(mode & FALLOC_FL_PUNCH_HOLE))
		ret = ramfs_reserve(r, offset, end);
	if (!ret && !(mode & FALLOC_FL_KEEP_SIZE) && end > r->base.size)
		r->base.size = end;
	mutex_unlock(&r->base.lock);
	return ret;
}

static void ramfs_release(struct file *f)
{
	struct ramfs_inode *r = to_ramfs(f->inode);

	mutex_lock(&r->base.lock);
	settle(r);
	mutex_unlock(&r->base.lock);
}

static const struct file_ops ramfs_file_ops = {
	.name = "ramfs",
	.read = ramfs_read,
	.write = ramfs_write,
	.seek = ramfs_seek,
	.truncate = ramfs_file_truncate,
	.fallocate = ramfs_fallocate,
	.mmap = ramfs_mmap,
	.release = ramfs_release,
};

int ramfs_open(struct inode *inode, struct file *f)
{
	(void)inode;
	f->ops = &ramfs_file_ops;
	return 0;
}
