/* SPDX-License-Identifier: BSD-3-Clause */
/* The tree: folders and files that stay; programs change nothing in it. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/string.h>

#include "internal.h"

#define PROC_MAGIC 0x9fa0 /* as Linux's */
#define DIR_MODE (S_IFDIR | 0555)

static struct superblock proc_sb;

/* Children are few: a list is enough. Under vfs_lock(). */
static struct proc_node *find_child(struct proc_node *dir, struct name name)
{
	struct proc_node *n;

	list_for_each(n, &dir->children, link)
		if (strlen(n->name) == name.len && !memcmp(n->name, name.s, name.len))
			return n;
	return NULL;
}

static int proc_lookup(struct inode *dir, struct name name, struct inode **out)
{
	struct proc_node *n = find_child(to_proc(dir), name);

	if (!n)
		return -ENOENT;
	*out = &n->base;
	return 0;
}

static int proc_iterate(struct inode *dir, off_t *pos, dirent_fn fn, void *arg)
{
	struct proc_node *n;
	off_t at = 0;

	list_for_each(n, &to_proc(dir)->children, link) {
		int ret;

		if (++at <= *pos)
			continue;
		ret = fn(arg, n->name, strlen(n->name), n->base.ino, n->base.mode & S_IFMT, at);
		if (ret)
			return ret;
		*pos = at;
	}
	return 0;
}

/* The errors are those of Linux: a new name is like one that cannot be found. */
int proc_refuse(struct inode *dir __unused, struct name name __unused, const struct inode_spec *spec __unused,
                struct inode **out __unused)
{
	return -ENOENT;
}

int proc_refuse_link(struct inode *dir __unused, struct name name __unused, struct inode *inode __unused)
{
	return -ENOENT;
}

int proc_refuse_unlink(struct inode *dir __unused, struct name name __unused, struct inode *inode __unused)
{
	return -EPERM;
}

int proc_refuse_rename(struct inode *from __unused, struct name old __unused, struct inode *to __unused,
                       struct name new __unused, struct inode *inode __unused, struct inode *target __unused)
{
	return -ENOENT;
}

/* There is nothing to cut: O_TRUNC succeeds. */
static int proc_truncate(struct inode *inode __unused, off_t size __unused)
{
	return 0;
}

int proc_statfs(struct superblock *sb, struct statfs *st)
{
	st->f_type = sb->magic;
	st->f_bsize = st->f_frsize = PAGE_SIZE;
	st->f_namelen = NAME_MAX;
	return 0;
}

const struct inode_ops proc_ops = {
	.lookup = proc_lookup,
	.iterate = proc_iterate,
	.make = proc_refuse,
	.link = proc_refuse_link,
	.unlink = proc_refuse_unlink,
	.rename = proc_refuse_rename,
	.open = proc_open,
	.truncate = proc_truncate,
	.statfs = proc_statfs,
};

static struct proc_node *node_new(const char *name, const struct inode_ops *ops, uint32_t mode)
{
	struct proc_node *n = kzalloc(sizeof(*n));

	if (!n)
		return NULL;
	inode_init(&n->base, &proc_sb, ops, mode);
	list_init(&n->children);
	n->name = name;
	return n;
}

static int mount_proc(void)
{
	struct proc_node *root;
	int ret;

	if (proc_sb.root)
		return 0;
	proc_sb.dev = vfs_new_dev();
	proc_sb.magic = PROC_MAGIC;
	root = node_new("", &proc_ops, DIR_MODE);
	if (!root)
		return -ENOMEM;
	root->base.nlink = 2;
	root->base.parent = &root->base;
	proc_sb.root = &root->base;
	ret = vfs_mkdir_all("/proc", 0555);
	return ret ? ret : vfs_mount("/proc", &proc_sb);
}

/* Under vfs_lock(). @name passes to the node on success. */
static int insert(struct proc_node *dir, char *name, const struct inode_ops *ops, uint32_t mode, struct proc_node **out)
{
	struct proc_node *n = node_new(name, ops, mode);

	if (!n)
		return -ENOMEM;
	if (S_ISDIR(mode)) {
		n->base.parent = &dir->base;
		n->base.nlink = 2;
		dir->base.nlink++;
	}
	list_push_back(&dir->children, &n->link);
	*out = n;
	return 0;
}

/* The folder that holds the last component of *@path, made if missing; *@path is moved to that component. Under vfs_lock(). */
static int find_dir(const char **path, struct proc_node **out)
{
	struct proc_node *dir = to_proc(proc_sb.root);
	const char *slash;
	int ret = 0;

	for (; !ret && (slash = strchr(*path, '/')); *path = slash + 1) {
		struct name name = { *path, slash - *path };
		struct proc_node *child = find_child(dir, name);

		if (!child) {
			char *copy = kstrdup(*path);

			if (!copy)
				return -ENOMEM;
			copy[name.len] = 0;
			ret = insert(dir, copy, &proc_ops, DIR_MODE, &child);
			if (ret)
				kfree(copy);
		}
		dir = child;
	}
	*out = dir;
	return ret;
}

int proc_add(const char *path, const struct inode_ops *ops, uint32_t mode, struct proc_node **out)
{
	struct proc_node *dir;
	char *name;
	int ret = mount_proc();

	if (ret)
		return ret;
	vfs_lock();
	ret = find_dir(&path, &dir);
	if (!ret && find_child(dir, (struct name){ path, strlen(path) }))
		ret = -EEXIST;
	if (!ret) {
		name = kstrdup(path);
		ret = name ? insert(dir, name, ops, mode, out) : -ENOMEM;
		if (ret)
			kfree(name);
	}
	vfs_unlock();
	return ret;
}

int procfs_file(const char *path, procfs_show show, void *arg)
{
	struct proc_node *n;
	int ret = proc_add(path, &proc_ops, S_IFREG | 0444, &n);

	if (ret)
		return ret;
	n->show = show;
	n->arg = arg;
	return 0;
}

int procfs_link(const char *path, const char *target)
{
	struct proc_node *n;
	int ret = proc_add(path, &proc_ops, S_IFLNK | S_IRWXUGO, &n);

	if (!ret)
		n->base.target = target;
	return ret;
}
