/* SPDX-License-Identifier: BSD-3-Clause */
/* Names: found, made and removed. All under vfs_lock(). */
#include <core/errno.h>
#include <core/string.h>

#include "internal.h"

int ext_lookup(struct inode *dir, struct name name, struct inode **out)
{
	struct ext_fs *fs = to_fs(dir->sb);
	struct ext_place p;
	uint32_t ino;

	mutex_lock(&fs->lock);
	int ret = ext_dir_find(to_ext(dir), name, &p);

	if (!ret) {
		ino = p.entry->ino;
		ext_put(fs, p.buf);
		ret = ext_inode_get(fs, ino, out);
	}
	mutex_unlock(&fs->lock);
	if (ret)
		return ret;
	if (S_ISDIR((*out)->mode))
		ret = inode_set_parent(*out, dir);
	if (ret) {
		inode_put(*out);
		return ret;
	}
	return vfs_put_later(*out);
}

static bool may_count(const struct inode *inode)
{
	return inode->nlink < EXT_LINKS_MAX;
}

static int make(struct inode *dir, struct name name, const struct inode_spec *spec, struct inode **out)
{
	bool is_dir = S_ISDIR(spec->mode);
	int ret = is_dir && !may_count(dir) ? -EMLINK : ext_inode_new(dir, spec, out);

	if (ret)
		return ret;
	ret = ext_dir_add(to_ext(dir), name, (uint32_t)(*out)->ino, spec->mode);
	if (ret) {
		ext_inode_discard(to_ext(*out));
		return ret;
	}
	if (is_dir) {
		dir->nlink += dir->nlink != 1; /* 1: too many to be counted */
		ext_inode_write(to_ext(dir));
	}
	return 0;
}

int ext_make(struct inode *dir, struct name name, const struct inode_spec *spec, struct inode **out)
{
	struct ext_fs *fs = to_fs(dir->sb);
	int ret = ext_begin(fs);

	if (ret)
		return ret;
	ret = make(dir, name, spec, out);
	if (ext_retry(fs, ret))
		ret = make(dir, name, spec, out);
	ext_end(fs);
	if (ret)
		return ret;
	if (S_ISDIR(spec->mode))
		(*out)->parent = inode_get(dir);
	return vfs_put_later(*out);
}

static int add_link(struct inode *dir, struct name name, struct inode *inode)
{
	if (!may_count(inode))
		return -EMLINK;
	int ret = ext_dir_add(to_ext(dir), name, (uint32_t)inode->ino, inode->mode);

	if (ret)
		return ret;
	ext_orphan_remove(to_ext(inode));
	inode->nlink++;
	inode_touch(inode, INODE_CTIME);
	ext_inode_write(to_ext(inode));
	return 0;
}

int ext_link(struct inode *dir, struct name name, struct inode *inode)
{
	struct ext_fs *fs = to_fs(dir->sb);
	int ret = ext_begin(fs);

	if (ret)
		return ret;
	ret = add_link(dir, name, inode);
	if (ext_retry(fs, ret))
		ret = add_link(dir, name, inode);
	ext_end(fs);
	return ret;
}

void ext_drop_link(struct ext_inode *inode)
{
	struct inode *i = &inode->base;

	i->nlink = S_ISDIR(i->mode) || !i->nlink ? 0 : i->nlink - 1;
	inode_touch(i, INODE_CTIME);
	if (i->nlink)
		ext_inode_write(inode);
	else
		ext_orphan_add(inode);
}

int ext_unlink(struct inode *dir, struct name name, struct inode *inode)
{
	struct ext_fs *fs = to_fs(dir->sb);
	bool is_dir = S_ISDIR(inode->mode);
	int ret = ext_begin(fs);

	if (ret)
		return ret;
	if (is_dir)
		ret = ext_dir_empty(to_ext(inode));
	if (!ret)
		ret = ext_dir_remove(to_ext(dir), name);
	if (!ret) {
		if (is_dir) {
			dir->nlink -= dir->nlink > 2;
			ext_inode_write(to_ext(dir));
		}
		ext_drop_link(to_ext(inode));
	}
	ext_end(fs);
	return ret;
}

int ext_tmpfile(struct inode *dir, uint32_t mode, struct inode **out)
{
	struct ext_fs *fs = to_fs(dir->sb);
	struct inode_spec spec = { .mode = S_IFREG | mode };
	int ret = ext_begin(fs);

	if (ret)
		return ret;
	ret = ext_inode_new(dir, &spec, out);
	if (!ret) {
		(*out)->nlink = 0;
		ext_orphan_add(to_ext(*out));
	}
	ext_end(fs);
	return ret;
}
