/* SPDX-License-Identifier: BSD-3-Clause */
/* Open regular files. Data go through the cache; the disk gets them at a sync, with the next transaction, or when there are many. */
#include <core/copymap.h>
#include <core/errno.h>
#include <core/string.h>

#include "internal.h"

#define BATCH 32u /* blocks that are written in one operation */
#define AHEAD 32u /* blocks that are read ahead of who reads in sequence */

/* How many blocks from @block on follow each other in the file as on the disk, and are not here yet. */
static unsigned run_length(struct ext_inode *inode, uint64_t index, uint32_t block, unsigned max)
{
	struct ext_fs *fs = to_fs(inode->base.sb);
	uint64_t end = ((uint64_t)inode->base.size + fs->block_size - 1) >> fs->block_shift;
	uint32_t next;
	unsigned n = 1;

	max = (unsigned)MIN((uint64_t)max, end - index);
	while (n < max && !ext_is_cached(fs, (uint64_t)block + n) && !ext_map(inode, index + n, &next) && next == block + n)
		n++;
	return n;
}

static int read_block(struct ext_inode *inode, uint64_t index, size_t wanted, struct ext_buf **buf)
{
	struct ext_fs *fs = to_fs(inode->base.sb);
	uint32_t block;
	int ret = ext_map(inode, index, &block);

	*buf = NULL;
	if (ret || !block)
		return ret;
	if (!ext_is_cached(fs, block)) {
		unsigned n = (unsigned)MIN(wanted >> fs->block_shift, (size_t)EXT_RUN);

		if (index == inode->read_next)
			n = MAX(n, AHEAD);
		n = run_length(inode, index, block, n);
		if (n > 1)
			ext_read_ahead(fs, block, n);
	}
	inode->read_next = index + 1;
	return ext_read(fs, block, buf);
}

static ssize_t read_locked(struct ext_inode *inode, struct iov_iter *it, off_t *pos)
{
	struct ext_fs *fs = to_fs(inode->base.sb);
	ssize_t done = 0;

	while (it->left && *pos < inode->base.size) {
		size_t in = (size_t)*pos & (fs->block_size - 1);
		size_t n = MIN((uint64_t)(fs->block_size - in), (uint64_t)(inode->base.size - *pos));
		struct ext_buf *buf;
		int ret = read_block(inode, (uint64_t)*pos >> fs->block_shift, it->left, &buf);

		if (ret)
			return done ? done : ret;
		n = buf ? iov_put(it, ext_data(buf) + in, n) : iov_zero(it, n);
		ext_put(fs, buf);
		*pos += (off_t)n;
		done += (ssize_t)n;
	}
	return done;
}

static ssize_t file_read_at(struct file *f, struct iov_iter *it, off_t *pos)
{
	struct ext_fs *fs = to_fs(f->inode->sb);

	mutex_lock(&f->inode->lock);
	mutex_lock(&fs->lock);
	ssize_t done = read_locked(to_ext(f->inode), it, pos);

	mutex_unlock(&fs->lock);
	mutex_unlock(&f->inode->lock);
	if (!(f->flags & O_NOATIME) && !fs->read_only)
		inode_touch(f->inode, INODE_ATIME);
	return done;
}

static ssize_t write_block(struct ext_inode *inode, struct iov_iter *it, off_t pos, size_t max)
{
	struct ext_fs *fs = to_fs(inode->base.sb);
	size_t in = (size_t)pos & (fs->block_size - 1), n = MIN(MIN(fs->block_size - in, it->left), max);
	struct ext_buf *buf;
	uint32_t block;
	bool fresh;
	int ret = ext_map_make(inode, (uint64_t)pos >> fs->block_shift, &block, &fresh);

	if (ret)
		return ret;
	ret = fresh || n == fs->block_size ? ext_clear(fs, block, &buf) : ext_read(fs, block, &buf);
	if (ret)
		return ret;
	n = iov_get(it, ext_data(buf) + in, n);
	buf->state &= ~(unsigned)BUF_CHECKED;
	ext_dirty_data(fs, buf);
	ext_put(fs, buf);
	return (ssize_t)n;
}

/* One operation. */
static ssize_t write_batch(struct ext_inode *inode, struct iov_iter *it, off_t *pos, off_t end)
{
	uint64_t sectors = inode->sectors;
	off_t size = inode->base.size;
	ssize_t done = 0, n = 0;

	if (*pos > size)
		n = ext_clear_tail(inode);
	for (unsigned i = 0; n >= 0 && i < BATCH && it->left && *pos < end; i++) {
		n = write_block(inode, it, *pos, (size_t)(end - *pos));
		if (n < 0)
			break;
		*pos += n;
		done += n;
		inode->base.size = MAX(inode->base.size, *pos);
	}
	if (done)
		inode_touch(&inode->base, INODE_MTIME | INODE_CTIME);
	/* Tables may have been made even if nothing was written. */
	if (inode->sectors != sectors || inode->base.size != size)
		ext_inode_write(inode);
	else if (done)
		ext_inode_write_times(inode);
	return done ? done : n;
}

static ssize_t write_locked(struct ext_inode *inode, struct iov_iter *it, off_t *pos)
{
	struct ext_fs *fs = to_fs(inode->base.sb);
	uint64_t max = ext_blocks_max(fs) << fs->block_shift;
	off_t end = (off_t)MIN(max, file_size_limit);
	ssize_t done = 0, n = 0;

	if (*pos >= end && it->left) {
		if ((uint64_t)*pos < max && file_limit_hook)
			file_limit_hook();
		return -EFBIG;
	}
	while (it->left && *pos < end && n >= 0) {
		n = ext_begin(fs);
		if (n)
			break;
		n = write_batch(inode, it, pos, end);
		if (ext_retry(fs, (int)n))
			n = write_batch(inode, it, pos, end);
		ext_end(fs);
		done += MAX(n, 0);
	}
	return done ? done : n;
}

static ssize_t file_write_at(struct file *f, struct iov_iter *it, off_t *pos)
{
	struct ext_inode *inode = to_ext(f->inode);

	if (!it->left)
		return 0;
	mutex_lock(&f->inode->lock);
	if (file_appends(f, it))
		*pos = f->inode->size;
	ssize_t done = inode->flags & INODE_IMMUTABLE || (inode->flags & INODE_APPEND && *pos != f->inode->size)
	                       ? -EPERM
	                       : write_locked(inode, it, pos);

	mutex_unlock(&f->inode->lock);
	if (done > 0 && (f->flags & O_DSYNC)) {
		int ret = ext_sync(to_fs(f->inode->sb), !(f->flags & (O_SYNC & ~O_DSYNC)));

		return ret ? ret : done;
	}
	return done;
}

/* The first block from @offset on that is data, or a hole, as @data says; holes begin at the end, too. */
static off_t find_data(struct ext_inode *inode, off_t offset, bool data)
{
	struct ext_fs *fs = to_fs(inode->base.sb);
	off_t size = inode->base.size, at = offset;

	if (offset < 0 || offset >= size)
		return -ENXIO;
	while (at < size) {
		uint32_t block;

		mutex_lock(&fs->lock);
		int ret = ext_map(inode, (uint64_t)at >> fs->block_shift, &block);

		mutex_unlock(&fs->lock);
		if (ret)
			return ret;
		if (data == (block != 0))
			return at;
		at = ALIGN_DOWN(at, (off_t)fs->block_size) + fs->block_size;
		if (thread_interrupted())
			return -EINTR;
	}
	return data ? -ENXIO : size;
}

static off_t file_seek_to(struct file *f, off_t offset, int whence)
{
	if (whence == SEEK_DATA || whence == SEEK_HOLE)
		return find_data(to_ext(f->inode), offset, whence == SEEK_DATA);
	return seek_in(f->pos, READ_ONCE(f->inode->size), offset, whence);
}

static int file_truncate(struct file *f, off_t size)
{
	return inode_truncate(f->inode, size);
}

static int file_fsync(struct file *f, bool data_only)
{
	return ext_sync(to_fs(f->inode->sb), data_only);
}

static const struct file_ops ext_file_ops = {
	.name = "ext",
	.read = file_read_at,
	.write = file_write_at,
	.seek = file_seek_to,
	.truncate = file_truncate,
	.fsync = file_fsync,
	.mmap = copymap_mmap,
};

int ext_open(struct inode *inode, struct file *f)
{
	if (file_writable(f) && to_fs(inode->sb)->read_only)
		return -EROFS;
	f->ops = &ext_file_ops;
	return 0;
}
