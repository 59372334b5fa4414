/* SPDX-License-Identifier: BSD-3-Clause */
/* Operations that make and remove names. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/notify.h>
#include <core/string.h>
#include <core/vfs.h>

/* May a new name be made where the walk ended? */
static int check_free(const struct walk *w, bool directory)
{
	if (w->inode)
		return -EEXIST;
	if (!w->dir->nlink || (w->slash && !directory))
		return -ENOENT;
	return 0;
}

int vfs_make(struct inode *base, const char *path, const struct inode_spec *spec, struct inode **out)
{
	struct inode *inode;
	struct walk w;
	int ret;

	vfs_lock();
	ret = vfs_walk(base, path, WALK_PARENT, &w);
	if (!ret)
		ret = check_free(&w, S_ISDIR(spec->mode));
	if (!ret)
		ret = w.dir->ops->make(w.dir, w.name, spec, &inode);
	if (!ret) {
		notify_name(w.dir, w.name, S_ISDIR(spec->mode), IN_CREATE, 0);
		if (out)
			*out = inode_get(inode);
	}
	vfs_unlock();
	return ret;
}

static int check_rmdir(const struct walk *w)
{
	if (w->kind == WALK_DOT)
		return -EINVAL;
	if (w->kind == WALK_DOTDOT)
		return -ENOTEMPTY;
	if (!w->inode)
		return -ENOENT;
	if (!S_ISDIR(w->inode->mode))
		return -ENOTDIR;
	if (w->kind == WALK_ROOT || w->inode == w->inode->sb->root)
		return -EBUSY;
	return 0;
}

static int check_unlink(const struct walk *w)
{
	if (!w->inode)
		return -ENOENT;
	if (S_ISDIR(w->inode->mode))
		return -EISDIR;
	return w->slash ? -ENOTDIR : 0;
}

/* In the order of events that Linux has: the file's before its directory's. */
static int remove_name(const struct walk *w)
{
	struct inode *inode = inode_get(w->inode);
	bool is_dir = S_ISDIR(inode->mode);
	int ret = w->dir->ops->unlink(w->dir, w->name, inode);

	if (!ret && !is_dir)
		notify_self(inode, IN_ATTRIB);
	inode_put(inode);
	if (!ret)
		notify_name(w->dir, w->name, is_dir, IN_DELETE, 0);
	return ret;
}

int vfs_unlink(struct inode *base, const char *path, bool rmdir)
{
	struct walk w;
	int ret;

	vfs_lock();
	ret = vfs_walk(base, path, WALK_PARENT, &w);
	if (!ret)
		ret = rmdir ? check_rmdir(&w) : check_unlink(&w);
	if (!ret)
		ret = remove_name(&w);
	vfs_unlock();
	return ret;
}

int vfs_link_inode(struct inode *inode, struct inode *base, const char *path)
{
	struct walk w;
	int ret = vfs_walk(base, path, WALK_PARENT, &w);

	if (!ret)
		ret = check_free(&w, false);
	if (ret)
		return ret;
	if (inode->sb != w.dir->sb)
		return -EXDEV;
	if (S_ISDIR(inode->mode))
		return -EPERM;
	if (!inode->nlink && !inode->linkable)
		return -ENOENT;
	ret = w.dir->ops->link(w.dir, w.name, inode);
	if (ret)
		return ret;
	inode->linkable = false;
	notify_self(inode, IN_ATTRIB);
	notify_name(w.dir, w.name, false, IN_CREATE, 0);
	return 0;
}

int vfs_link(struct inode *old_base, const char *old, unsigned flags, struct inode *new_base, const char *new)
{
	struct inode *inode;
	int ret;

	vfs_lock();
	ret = vfs_find(old_base, old, flags, &inode);
	if (!ret)
		ret = vfs_link_inode(inode, new_base, new);
	vfs_unlock();
	return ret;
}

int vfs_mkdir_all(const char *path, uint32_t mode)
{
	struct inode_spec spec = { .mode = S_IFDIR | mode };
	char *copy = kstrdup(path), *end = copy;
	int ret = copy ? 0 : -ENOMEM;

	while (!ret && *end) {
		char cut;

		while (*end == '/')
			end++;
		while (*end && *end != '/')
			end++;
		cut = *end;
		*end = 0;
		ret = vfs_make(NULL, copy, &spec, NULL);
		if (ret == -EEXIST)
			ret = 0;
		*end = cut;
	}
	kfree(copy);
	return ret;
}
