/* SPDX-License-Identifier: BSD-3-Clause */
/* Opening: by path and by inode, and the registry of device nodes. */
#include <core/errno.h>
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

int vfs_open_inode(struct inode *inode, unsigned flags, struct file **out)
{
	struct file *f;
	int ret;

	if (flags & O_PATH)
		flags &= O_PATH | O_DIRECTORY | O_NOFOLLOW;
	f = file_new(NULL, NULL, flags & ~(O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC));
	if (!f)
		return -ENOMEM;
	f->inode = inode_get(inode);
	ret = open_by_type(inode, f);
	if (!ret && (flags & O_TRUNC) && S_ISREG(inode->mode) && file_writable(f))
		ret = inode_truncate(inode, 0);
	if (ret) {
		file_put(f);
		return ret;
	}
	*out = f;
	return 0;
}

/* Under vfs_lock(): what to open, made if asked for and missing. */
static int find_or_make(struct inode *base, const char *path, unsigned flags, uint32_t mode, struct inode **out)
{
	bool exclusive = (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL);
	struct inode_spec spec = { .mode = S_IFREG | mode };
	struct walk w;
	int ret;

	ret = vfs_walk(base, path, (flags & O_NOFOLLOW) || exclusive ? 0 : WALK_FOLLOW, &w);
	if (ret)
		return ret;
	if (!w.inode) {
		if (!(flags & O_CREAT) || !w.dir->nlink)
			return -ENOENT;
		if (w.slash)
			return -EISDIR;
		return w.dir->ops->make(w.dir, w.name, &spec, out);
	}
	if (exclusive)
		return -EEXIST;
	if (S_ISLNK(w.inode->mode) && !(flags & O_PATH))
		return -ELOOP;
	if ((flags & O_CREAT) && S_ISDIR(w.inode->mode))
		return -EISDIR;
	if ((flags & O_DIRECTORY) && !S_ISDIR(w.inode->mode))
		return -ENOTDIR;
	*out = w.inode;
	return 0;
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
	struct inode *inode;
	int ret;

	if (flags & O_PATH)
		flags &= O_PATH | O_DIRECTORY | O_NOFOLLOW;
	if ((flags & O_ACCMODE) == O_ACCMODE)
		return -EINVAL;
	if (flags & O_TMPFILE_BIT)
		return open_tmpfile(base, path, flags, mode & S_IALLUGO, out);
	if ((flags & O_CREAT) && (flags & O_DIRECTORY))
		return -EINVAL;
	vfs_lock();
	ret = find_or_make(base, path, flags, mode & S_IALLUGO, &inode);
	if (!ret)
		inode_get(inode);
	vfs_unlock();
	if (ret)
		return ret;
	ret = vfs_open_inode(inode, flags, out);
	inode_put(inode);
	return ret;
}
