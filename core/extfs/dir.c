/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reading directories. A position is a place in the directory's bytes, which entries keep while they live: where the one that a reader stopped at
 * has gone, the next one behind it follows. What is handed out is copied before, since the receiver may come back for more of this file system.
 */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/string.h>

#include "internal.h"

static bool is_dots(const struct ext_dirent *e)
{
	return e->name[0] == '.' && (e->name_len == 1 || (e->name_len == 2 && e->name[1] == '.'));
}

int ext_dir_empty(struct ext_inode *dir)
{
	struct ext_fs *fs = to_fs(dir->base.sb);
	struct ext_buf *buf;

	for (uint64_t i = 0; i < ext_dir_blocks(dir); i++) {
		struct ext_dirent *e;
		int ret = ext_dir_block(dir, i, &buf);

		for (size_t at = 0; !ret && at < fs->block_size; at += e->rec_len) {
			e = ext_dirent_at(ext_data(buf), at, fs->block_size);
			if (!e)
				ret = ext_damaged(fs, "an entry of directory", dir->base.ino);
			else if (e->ino && !is_dots(e))
				ret = -ENOTEMPTY;
			if (ret)
				ext_put(fs, buf);
		}
		if (ret)
			return ret;
		ext_put(fs, buf);
	}
	return 0;
}

/* A copy of the block at *@pos. 1: the directory has no more. */
static int copy_block(struct ext_inode *dir, off_t pos, char *copy)
{
	struct ext_fs *fs = to_fs(dir->base.sb);
	uint64_t index = (uint64_t)pos >> fs->block_shift;
	struct ext_buf *buf;
	int ret = 1;

	mutex_lock(&fs->lock);
	if (index < ext_dir_blocks(dir))
		ret = ext_dir_block(dir, index, &buf);
	if (!ret) {
		memcpy(copy, ext_data(buf), fs->block_size);
		ext_put(fs, buf);
	}
	mutex_unlock(&fs->lock);
	return ret;
}

/* Names that nobody can have made are left out. */
static bool is_name(const struct ext_dirent *e)
{
	for (unsigned i = 0; i < e->name_len; i++)
		if (!e->name[i] || e->name[i] == '/')
			return false;
	return e->ino && !is_dots(e);
}

/* Entries of one block, from *@pos on. */
static int emit(struct ext_inode *dir, char *block, off_t *pos, off_t shift, dirent_fn fn, void *arg)
{
	static const uint8_t types[8] = {
		0, S_IFREG >> 12, S_IFDIR >> 12, S_IFCHR >> 12, S_IFBLK >> 12, S_IFIFO >> 12, S_IFSOCK >> 12, S_IFLNK >> 12
	};
	struct ext_fs *fs = to_fs(dir->base.sb);
	off_t start = ALIGN_DOWN(*pos, (off_t)fs->block_size);
	struct ext_dirent *e;

	for (size_t at = 0; at < fs->block_size; at += e->rec_len) {
		e = ext_dirent_at(block, at, fs->block_size);
		if (!e)
			return ext_damaged(fs, "an entry of directory", dir->base.ino);
		off_t next = start + (off_t)at + e->rec_len;

		if (start + (off_t)at < *pos || !is_name(e))
			continue;
		int ret = fn(arg, e->name, e->name_len, e->ino, (unsigned)types[e->type & 7] << 12, next + shift);

		if (ret)
			return ret;
		*pos = next;
	}
	*pos = start + fs->block_size;
	return 0;
}

static int read_entries(struct ext_inode *dir, off_t *pos, off_t shift, dirent_fn fn, void *arg)
{
	struct ext_fs *fs = to_fs(dir->base.sb);
	char *copy = kmalloc(fs->block_size);
	int ret = copy ? 0 : -ENOMEM;

	while (!ret) {
		ret = copy_block(dir, *pos, copy);
		if (!ret)
			ret = emit(dir, copy, pos, shift, fn, arg);
	}
	kfree(copy);
	return copy && ret == 1 && (uint64_t)*pos >= (uint64_t)dir->base.size ? 0 : ret;
}

int ext_iterate(struct inode *dir, off_t *pos, dirent_fn fn, void *arg)
{
	return read_entries(to_ext(dir), pos, 0, fn, arg);
}

static int dir_iterate(struct file *f, off_t *pos, dirent_fn fn, void *arg)
{
	int ret = dir_dots(f->inode, pos, fn, arg);

	if (ret)
		return ret;
	off_t inner = *pos - DIR_DOTS;

	ret = read_entries(to_ext(f->inode), &inner, DIR_DOTS, fn, arg);
	*pos = inner + DIR_DOTS;
	return ret;
}

static int dir_fsync(struct file *f, bool data_only)
{
	return ext_sync(to_fs(f->inode->sb), data_only);
}

static const struct file_ops ext_dir_ops = {
	.name = "ext directory",
	.iterate = dir_iterate,
	.seek = dir_seek,
	.fsync = dir_fsync,
};

int ext_open_dir(struct inode *inode __unused, struct file *f)
{
	f->ops = &ext_dir_ops;
	return 0;
}
