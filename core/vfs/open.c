/* SPDX-License-Identifier: BSD-3-Clause */
/* Opening: by path and by inode, and the registry of device nodes. */
#include <core/errno.h>
#include <core/notify.h>
#include <core/vfs.h>

#include "internal.h"

static struct list devices = LIST_INIT(devices);
static struct mutex devices_lock = MUTEX_INIT(devices_lock);

int (*vfs_open_fifo)(struct inode *inode, struct file *f);

static const struct file_ops path_ops = { .name = "path" };

static struct device_node *device_find(uint32_t type, uint64_t rdev)
{
	struct device_node *node;

	list_for_each(node, &devices, link)
		if (node->type == type && node->rdev == rdev)
			return node;
	return NULL;
}

int device_register(struct device_node *node)
{
	int ret = 0;

	mutex_lock(&devices_lock);
	if (device_find(node->type, node->rdev))
		ret = -EEXIST;
	else
		list_push_back(&devices, &node->link);
	mutex_unlock(&devices_lock);
	return ret;
}

static int open_device(struct inode *inode, struct file *f)
{
	struct device_node *node;

	mutex_lock(&devices_lock);
	node = device_find(inode->mode & S_IFMT, inode->rdev);
	mutex_unlock(&devices_lock);
	return node ? node->open(node, f) : -ENXIO;
}

static int open_by_type(struct inode *inode, struct file *f)
{
	bool write = file_writable(f);

	if (f->flags & O_PATH) {
		f->ops = &path_ops;
		return 0;
	}
	switch (inode->mode & S_IFMT) {
	case S_IFDIR:
		if (write)
			return -EISDIR;
		if (inode->ops->open_dir)
			return inode->ops->open_dir(inode, f);
		f->ops = &dir_file_ops;
		return 0;
	case S_IFREG:
		return inode->ops->open(inode, f);
	case S_IFCHR:
	case S_IFBLK:
		return open_device(inode, f);
	case S_IFLNK:
		return -ELOOP;
	case S_IFIFO:
		return vfs_open_fifo ? vfs_open_fifo(inode, f) : -ENXIO;
	default:
		return -ENXIO;
	}
}

/* An open file of nothing yet: whoever makes an inode to open has it before. */
static struct file *new_file(unsigned flags)
{
	return file_new(NULL, NULL, flags & ~(O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC));
}

/* The inode becomes that of @f, which is gone if that fails. */
static int open_as(struct file *f, struct inode *inode, unsigned flags)
{
	f->inode = inode_get(inode);
	int ret = open_by_type(inode, f);

	if (!ret && (flags & O_TRUNC) && S_ISREG(inode->mode) && file_writable(f))
		ret = inode_truncate(inode, 0);
	if (ret)
		file_put(f);
	return ret;
}

int vfs_open_inode(struct inode *inode, unsigned flags, struct file **out)
{
	struct file *f;
	int ret;

	if (flags & O_PATH)
		flags &= O_PATH | O_DIRECTORY | O_NOFOLLOW;
	f = new_file(flags);
	if (!f)
		return -ENOMEM;
	ret = open_as(f, inode, flags);
	if (!ret)
		*out = f;
	return ret;
}

static int check_missing(const struct walk *w, unsigned flags)
{
	if (!(flags & O_CREAT) || !w->dir->nlink)
		return -ENOENT;
	return w->slash ? -EISDIR : 0;
}

static int check_found(const struct walk *w, unsigned flags)
{
	if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
		return -EEXIST;
	if (S_ISLNK(w->inode->mode) && !(flags & O_PATH))
		return flags & O_DIRECTORY ? -ENOTDIR : -ELOOP;
	if ((flags & (O_CREAT | O_TRUNC)) && S_ISDIR(w->inode->mode))
		return -EISDIR;
	return (flags & O_DIRECTORY) && !S_ISDIR(w->inode->mode) ? -ENOTDIR : 0;
}

struct found {
	struct inode *inode; /* borrowed */
	struct place *place; /* NULL: the path does not end in a name */
	bool made;
};

/* Under vfs_lock(): what to open, made if asked for and missing. */
static int find_or_make(struct inode *base, const char *path, unsigned flags, uint32_t mode, struct found *found)
{
	bool exclusive = (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL);
	struct inode_spec spec = { .mode = S_IFREG | mode };
	struct walk w;
	int ret = vfs_walk(base, path, (flags & O_NOFOLLOW) || exclusive ? 0 : WALK_FOLLOW, &w);

	if (!ret)
		ret = w.inode ? check_found(&w, flags) : check_missing(&w, flags);
	if (ret)
		return ret;
	*found = (struct found){ .inode = w.inode, .made = !w.inode };
	if (w.kind == WALK_NAME && (!w.inode || w.inode->sb == w.dir->sb)) {
		found->place = place_new(w.dir, w.name);
		if (!found->place)
			return -ENOMEM;
	}
	if (w.inode)
		return 0;
	ret = w.dir->ops->make(w.dir, w.name, &spec, &found->inode);
	if (ret)
		place_free(found->place);
	else
		notify_name(w.dir, w.name, false, IN_CREATE, 0);
	return ret;
}

static void announce(struct file *f, struct place *place, bool cut)
{
	place_attach(place, f->inode);
	f->place = place;
	if (f->flags & O_PATH)
		return;
	f->announced = true;
	notify_file(f, IN_OPEN);
	if (cut)
		notify_file(f, IN_MODIFY);
}

/* O_TMPFILE: @path is the directory that says in which file system. */
static int open_tmpfile(struct inode *base, const char *path, unsigned flags, uint32_t mode, struct file **out)
{
	struct inode *dir, *inode;
	int ret;

	if (!(flags & O_DIRECTORY) || (flags & O_CREAT) || (flags & O_ACCMODE) == O_RDONLY)
		return -EINVAL;
	vfs_lock();
	ret = vfs_find(base, path, WALK_FOLLOW, &dir);
	if (!ret && !S_ISDIR(dir->mode))
		ret = -ENOTDIR;
	if (!ret && !dir->nlink)
		ret = -ENOENT;
	if (!ret)
		ret = dir->ops->tmpfile ? dir->ops->tmpfile(dir, mode, &inode) : -EOPNOTSUPP;
	vfs_unlock();
	if (ret)
		return ret;
	inode->linkable = !(flags & O_EXCL);
	ret = vfs_open_inode(inode, flags, out);
	inode_put(inode);
	return ret;
}

int vfs_open(struct inode *base, const char *path, unsigned flags, uint32_t mode, struct file **out)
{
	struct found found;
	struct file *f;
	int ret;

	if (flags & O_PATH)
		flags &= O_PATH | O_DIRECTORY | O_NOFOLLOW;
	if ((flags & O_ACCMODE) == O_ACCMODE)
		return -EINVAL;
	if (flags & O_TMPFILE_BIT)
		return open_tmpfile(base, path, flags, mode & S_IALLUGO, out);
	if ((flags & O_CREAT) && (flags & O_DIRECTORY))
		return -EINVAL;
	f = new_file(flags);
	if (!f)
		return -ENOMEM;
	vfs_lock();
	ret = find_or_make(base, path, flags, mode & S_IALLUGO, &found);
	if (!ret)
		inode_get(found.inode);
	vfs_unlock();
	if (ret) {
		file_put(f);
		return ret;
	}
	ret = open_as(f, found.inode, flags);
	if (ret) {
		place_free(found.place);
	} else {
		*out = f;
		announce(f, found.place, (flags & O_TRUNC) && !found.made && S_ISREG(found.inode->mode));
	}
	inode_put(found.inode);
	return ret;
}
