/* SPDX-License-Identifier: BSD-3-Clause */
/* The way back from an inode that is no directory to a path, and what symbolic links say. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/string.h>
#include <core/vfs.h>

/* Directories deeper than this are not searched: recursion is bounded. */
#define DEPTH_MAX 32

struct search {
	const struct inode *wanted;
	struct inode *dir; /* where we are */
	unsigned depth;
	char *path; /* of @dir, without a slash at the end; the name is put behind it */
	size_t used, size;
};

static int look(void *arg, const char *name, size_t len, uint64_t ino, unsigned type, off_t next);

/* 1: found, the path is whole. Under vfs_lock(). */
static int search_dir(struct search *s)
{
	off_t pos = 0;

	return s->dir->ops->iterate(s->dir, &pos, look, s);
}

static int look(void *arg, const char *name, size_t len, uint64_t ino, unsigned type, off_t next __unused)
{
	struct search *s = arg;
	struct inode *dir = s->dir, *inode;
	size_t used = s->used;
	int ret = 0;

	if (ino != s->wanted->ino && (type != S_IFDIR || s->depth == DEPTH_MAX))
		return 0;
	if (dir->ops->lookup(dir, (struct name){ name, len }, &inode))
		return 0;
	if (used + len + 2 > s->size)
		return inode == s->wanted ? -ERANGE : 0;
	s->path[used] = '/';
	memcpy(s->path + used + 1, name, len);
	s->path[used + 1 + len] = 0;
	s->used = used + 1 + len;
	if (inode == s->wanted)
		return 1;
	if (S_ISDIR(inode->mode)) {
		s->dir = inode;
		s->depth++;
		ret = search_dir(s);
		s->depth--;
		s->dir = dir;
	}
	if (!ret)
		s->used = used;
	return ret;
}

ssize_t vfs_path_of(struct inode *inode, char *buf, size_t size)
{
	struct search s = { .wanted = inode, .dir = inode->sb->root, .path = buf, .size = size };
	ssize_t len;
	int ret;

	if (S_ISDIR(inode->mode))
		return vfs_path(inode, buf, size);
	if (!inode->nlink)
		return -ENOENT;
	len = vfs_path(s.dir, buf, size);
	if (len < 0)
		return len;
	s.used = len == 2 ? 0 : len - 1; /* the root's slash comes with the name */
	vfs_lock();
	ret = search_dir(&s);
	vfs_unlock();
	return ret == 1 ? (ssize_t)s.used + 1 : ret ? ret : -ENOENT;
}

ssize_t inode_readlink(struct inode *link, char *buf, size_t size)
{
	size_t len;

	if (link->ops->readlink)
		return link->ops->readlink(link, buf, size);
	len = MIN(strlen(link->target), size);
	memcpy(buf, link->target, len);
	return len;
}
