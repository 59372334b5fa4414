/* SPDX-License-Identifier: BSD-3-Clause */
/* Open directories, and the way from a directory back to its path. */
#include <core/errno.h>
#include <core/string.h>
#include <core/vfs.h>

#include "internal.h"

struct shifted {
	dirent_fn fn;
	void *arg;
};

static int emit_shifted(void *arg, const char *name, size_t len, uint64_t ino, unsigned type, off_t next)
{
	struct shifted *s = arg;

	return s->fn(s->arg, name, len, ino, type, next + DIR_DOTS);
}

/* Under vfs_lock(). */
static int emit_dots(struct inode *dir, off_t *pos, dirent_fn fn, void *arg)
{
	int ret = 0;

	if (*pos == 0) {
		ret = fn(arg, ".", 1, dir->ino, S_IFDIR, 1);
		*pos += !ret;
	}
	if (!ret && *pos == 1) {
		ret = fn(arg, "..", 2, dir_parent(dir)->ino, S_IFDIR, DIR_DOTS);
		*pos += !ret;
	}
	return ret;
}

int dir_dots(struct inode *dir, off_t *pos, dirent_fn fn, void *arg)
{
	int ret;

	if (!dir->nlink)
		return -ENOENT;
	if (*pos >= DIR_DOTS)
		return 0;
	vfs_lock();
	ret = emit_dots(dir, pos, fn, arg);
	vfs_unlock();
	return ret;
}

/* The positions of the file system follow, moved. */
static int dir_iterate(struct file *f, off_t *pos, dirent_fn fn, void *arg)
{
	struct shifted s = { fn, arg };
	struct inode *dir = f->inode;
	off_t inner;
	int ret;

	if (!dir->nlink)
		return -ENOENT;
	vfs_lock();
	ret = emit_dots(dir, pos, fn, arg);
	if (!ret) {
		inner = *pos - DIR_DOTS;
		ret = dir->ops->iterate(dir, &inner, emit_shifted, &s);
		*pos = inner + DIR_DOTS;
	}
	vfs_unlock();
	return ret;
}

off_t dir_seek(struct file *f, off_t offset, int whence)
{
	if (whence == SEEK_END)
		return -EINVAL;
	return seek_in(f->pos, 0, offset, whence);
}

const struct file_ops dir_file_ops = {
	.name = "directory",
	.iterate = dir_iterate,
	.seek = dir_seek,
};

struct search {
	uint64_t ino;
	char *end; /* the name goes before this */
	char *start; /* of the buffer */
	bool found;
};

static int match_ino(void *arg, const char *name, size_t len, uint64_t ino, unsigned type, off_t next)
{
	struct search *s = arg;

	(void)type;
	(void)next;
	if (ino != s->ino)
		return 0;
	if ((size_t)(s->end - s->start) < len + 1)
		return -ERANGE;
	s->end -= len;
	memcpy(s->end, name, len);
	*--s->end = '/';
	s->found = true;
	return 1;
}

/* Put "/name" of @dir before *@end. */
static int prepend_name(struct inode *dir, char *start, char **end)
{
	struct search s = { .ino = dir->ino, .end = *end, .start = start };
	off_t pos = 0;
	int ret;

	if (!dir->nlink)
		return -ENOENT;
	ret = dir->parent->ops->iterate(dir->parent, &pos, match_ino, &s);
	*end = s.end;
	if (ret < 0)
		return ret;
	return s.found ? 0 : -ENOENT;
}

ssize_t vfs_path(struct inode *dir, char *buf, size_t size)
{
	char *end = buf + size;
	ssize_t len;
	int ret = 0;

	if (size < 2)
		return -ERANGE;
	*--end = 0;
	vfs_lock();
	while (!ret) {
		while (dir == dir->sb->root && dir->sb->covered)
			dir = dir->sb->covered;
		if (dir == vfs_root())
			break;
		ret = prepend_name(dir, buf, &end);
		dir = dir->parent;
	}
	vfs_unlock();
	if (ret)
		return ret;
	if (!*end)
		*--end = '/';
	len = buf + size - end;
	memmove(buf, end, len);
	return len;
}
