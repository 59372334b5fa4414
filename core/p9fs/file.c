/* SPDX-License-Identifier: BSD-3-Clause */
/* Open regular files. f->priv is the open fid. Nothing is kept here: each read and write is a request or several. */
#include <core/copymap.h>
#include <core/errno.h>

#include "internal.h"

#define FILE_MAX INT64_MAX
/* What the server needs to know of how a file is opened; the rest of the flags is done here. */
#define OPEN_FLAGS (O_ACCMODE | O_DSYNC | O_SYNC)

static ssize_t file_read_at(struct file *f, struct iov_iter *it, off_t *pos)
{
	bool whole = true;
	ssize_t done = 0;

	while (it->left && whole && *pos < FILE_MAX) {
		ssize_t n = p9_read(f->priv, (uint64_t)*pos, it, &whole);

		if (n < 0)
			return done ? done : n;
		n = MIN(n, FILE_MAX - *pos); /* there is no more in a file, whatever the server has */
		*pos += n;
		done += n;
	}
	return done;
}

static ssize_t write_at(struct file *f, struct iov_iter *it, off_t *pos)
{
	off_t end = (off_t)MIN((uint64_t)FILE_MAX, file_size_limit);
	bool whole = true;
	ssize_t done = 0;

	if (*pos >= end && it->left) {
		if (*pos < FILE_MAX && file_limit_hook)
			file_limit_hook();
		return -EFBIG;
	}
	it->left = MIN(it->left, (size_t)(end - *pos));
	while (it->left && whole) {
		ssize_t n = p9_write(f->priv, (uint64_t)*pos, it, &whole);

		if (n < 0)
			return done ? done : n;
		*pos += n;
		done += n;
		if (*pos > f->inode->size)
			WRITE_ONCE(f->inode->size, *pos);
	}
	return done ? done : -EIO;
}

static ssize_t file_write_at(struct file *f, struct iov_iter *it, off_t *pos)
{
	ssize_t ret;

	if (!it->left)
		return 0;
	if (!file_appends(f, it))
		return write_at(f, it, pos);
	mutex_lock(&f->inode->lock);
	ret = p9_refresh(f->inode);
	*pos = ret ? *pos : f->inode->size;
	if (!ret)
		ret = write_at(f, it, pos);
	mutex_unlock(&f->inode->lock);
	return ret;
}

static off_t file_seek_to(struct file *f, off_t offset, int whence)
{
	int ret = whence == SEEK_SET || whence == SEEK_CUR ? 0 : p9_refresh(f->inode);

	return ret ? ret : seek_in(f->pos, f->inode->size, offset, whence);
}

static int file_truncate(struct file *f, off_t size)
{
	return inode_truncate(f->inode, size);
}

static int file_fsync(struct file *f, bool data_only)
{
	return p9_fsync(f->priv, data_only);
}

static void file_release(struct file *f)
{
	__atomic_sub_fetch(&to_p9(f->inode)->opened, 1, __ATOMIC_RELAXED);
	p9_fid_put(f->priv);
}

static const struct file_ops p9_file_ops = {
	.name = "9p",
	.read = file_read_at,
	.write = file_write_at,
	.seek = file_seek_to,
	.truncate = file_truncate,
	.fsync = file_fsync,
	.mmap = copymap_mmap,
	.release = file_release,
};

static struct p9_fid *take_born(struct inode *inode)
{
	struct p9_super *s = to_super(inode->sb);

	spin_lock(&s->lock);
	struct p9_fid *fid = to_p9(inode)->born;

	to_p9(inode)->born = NULL;
	spin_unlock(&s->lock);
	return fid;
}

int p9_open_file(struct inode *inode, struct file *f)
{
	struct p9_fid *fid = f->flags & (O_DSYNC | O_SYNC) ? NULL : take_born(inode), *from;
	int ret = 0;

	if (!fid) {
		fid = p9_fid_new(&to_super(inode->sb)->session);
		from = p9_fid_of(inode);
		ret = fid ? p9_walk(from, NULL, fid) : -ENOMEM;
		p9_fid_put(from);
		if (!ret)
			ret = p9_open(fid, f->flags & OPEN_FLAGS);
	}
	if (ret) {
		p9_fid_put(fid);
		return ret;
	}
	f->ops = &p9_file_ops;
	f->priv = fid;
	__atomic_add_fetch(&to_p9(inode)->opened, 1, __ATOMIC_RELAXED);
	return 0;
}
