/* SPDX-License-Identifier: BSD-3-Clause */
/* The walk along a path: components, dots, mounts and symbolic links. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/string.h>
#include <core/vfs.h>

#include "internal.h"

#define MAX_LINKS 40

struct cursor {
	const char *path; /* what is still to walk */
	char *owned; /* the buffer it lies in, after a symbolic link */
	struct inode *cur; /* where we are */
	unsigned links;
};

/* What a directory entry shows: the root of the topmost file system mounted there. */
static struct inode *cross_mounts(struct inode *inode)
{
	while (inode->mounted)
		inode = inode->mounted->root;
	return inode;
}

struct inode *dir_parent(struct inode *dir)
{
	while (dir == dir->sb->root && dir->sb->covered)
		dir = dir->sb->covered;
	return dir->parent ? cross_mounts(dir->parent) : dir;
}

/* Replace the rest of the path by the link's target followed by the rest. */
static int expand_link(struct cursor *c, struct inode *link)
{
	size_t head = strlen(link->target), tail = strlen(c->path);
	char *buf;

	if (++c->links > MAX_LINKS)
		return -ELOOP;
	if (head + tail >= PATH_MAX)
		return -ENAMETOOLONG;
	buf = kmalloc(head + tail + 1);
	if (!buf)
		return -ENOMEM;
	memcpy(buf, link->target, head);
	memcpy(buf + head, c->path, tail + 1);
	kfree(c->owned);
	c->owned = buf;
	c->path = buf;
	if (*buf == '/')
		c->cur = vfs_root();
	return 0;
}

/* A link that leads to an inode: go there. */
static int jump(struct cursor *c, struct walk *w, bool last)
{
	int ret;

	if (++c->links > MAX_LINKS)
		return -ELOOP;
	ret = w->inode->ops->follow(w->inode, &w->inode);
	if (ret)
		return ret;
	c->cur = w->inode;
	return last;
}

/* Cut the next component off; @w receives it. Afterwards c->path is at the slash behind it, or at the end. */
static int next_component(struct cursor *c, struct walk *w)
{
	size_t len = 0;

	while (c->path[len] && c->path[len] != '/')
		len++;
	if (len > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(w->buf, c->path, len);
	w->buf[len] = 0;
	w->name = (struct name){ w->buf, len };
	w->slash = c->path[len] == '/';
	c->path += len;
	if (!strcmp(w->buf, "."))
		w->kind = WALK_DOT;
	else if (!strcmp(w->buf, ".."))
		w->kind = WALK_DOTDOT;
	else
		w->kind = WALK_NAME;
	return 0;
}

static bool is_last(const char *rest)
{
	while (*rest == '/')
		rest++;
	return !*rest;
}

static bool must_follow(const struct walk *w, bool last, unsigned flags)
{
	if (!S_ISLNK(w->inode->mode))
		return false;
	if (!last)
		return true;
	return !(flags & WALK_PARENT) && ((flags & WALK_FOLLOW) || w->slash);
}

/* One component. Returns 1 when the walk is complete, 0 to go on, or -Exxx. */
static int step(struct cursor *c, unsigned flags, struct walk *w)
{
	bool last;
	int ret;

	while (*c->path == '/')
		c->path++;
	if (!*c->path)
		return 1;
	if (!S_ISDIR(c->cur->mode))
		return -ENOTDIR;
	ret = next_component(c, w);
	if (ret)
		return ret;
	last = is_last(c->path);
	w->dir = c->cur;
	w->inode = NULL;
	if (w->kind == WALK_DOT) {
		w->inode = c->cur;
	} else if (w->kind == WALK_DOTDOT) {
		w->inode = dir_parent(c->cur);
	} else {
		ret = c->cur->ops->lookup(c->cur, w->name, &w->inode);
		if (ret == -ENOENT && last) {
			w->inode = NULL;
			return 1;
		}
		if (ret)
			return ret;
		w->inode = cross_mounts(w->inode);
	}
	if (must_follow(w, last, flags))
		return w->inode->ops->follow ? jump(c, w, last) : expand_link(c, w->inode);
	c->cur = w->inode;
	return last;
}

int vfs_walk(struct inode *base, const char *path, unsigned flags, struct walk *w)
{
	struct cursor c = { .path = path };
	int ret;

	if (!path)
		return -EFAULT;
	if (!*path)
		return -ENOENT;
	if (strnlen(path, PATH_MAX) == PATH_MAX)
		return -ENAMETOOLONG;
	c.cur = *path == '/' || !base ? vfs_root() : base;
	w->dir = w->inode = c.cur;
	w->kind = WALK_ROOT;
	w->slash = false;
	w->name = (struct name){ w->buf, 0 };
	do {
		ret = step(&c, flags, w);
	} while (!ret);
	kfree(c.owned);
	if (ret < 0)
		return ret;
	if (w->slash && w->inode && !S_ISDIR(w->inode->mode) && !(flags & WALK_PARENT))
		return -ENOTDIR;
	return 0;
}

int vfs_find(struct inode *base, const char *path, unsigned flags, struct inode **out)
{
	struct walk w;
	int ret = vfs_walk(base, path, flags, &w);

	if (ret)
		return ret;
	*out = w.inode;
	return w.inode ? 0 : -ENOENT;
}

int vfs_lookup(struct inode *base, const char *path, unsigned flags, struct inode **out)
{
	int ret;

	vfs_lock();
	ret = vfs_find(base, path, flags, out);
	if (!ret)
		inode_get(*out);
	vfs_unlock();
	return ret;
}
