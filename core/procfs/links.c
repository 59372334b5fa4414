/* SPDX-License-Identifier: BSD-3-Clause */
/* Links that lead to inodes, and folders of them that are made as they are looked at. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/string.h>

#include "internal.h"

/* Numbers of the links in a folder: behind those of its other nodes, which are few. */
#define INO_BASE 0x10000u

static int jump_follow(struct inode *link, struct inode **out)
{
	struct proc_node *n = to_proc(link);
	int ret = n->jump->follow(n->number, out);

	return ret ? ret : vfs_put_later(*out);
}

static ssize_t jump_text(struct inode *link, char *buf, size_t size)
{
	struct proc_node *n = to_proc(link);

	return n->jump->text(n->number, buf, size);
}

static void jump_destroy(struct inode *link)
{
	kfree(to_proc(link));
}

static const struct inode_ops jump_ops = {
	.follow = jump_follow,
	.readlink = jump_text,
	.statfs = proc_statfs,
	.destroy = jump_destroy,
};

/* A decimal number without leading zeroes, or -1. */
static int number_of(struct name name)
{
	int n = 0;

	if (name.len > 7 || (name.len > 1 && name.s[0] == '0'))
		return -1;
	for (size_t i = 0; i < name.len; i++) {
		if (name.s[i] < '0' || name.s[i] > '9')
			return -1;
		n = 10 * n + (name.s[i] - '0');
	}
	return n;
}

static int jumps_lookup(struct inode *dir, struct name name, struct inode **out)
{
	const struct procfs_jump *jump = to_proc(dir)->jump;
	int number = number_of(name);
	struct proc_node *n;

	if (number < 0 || jump->next((unsigned)number) != number)
		return -ENOENT;
	n = kzalloc(sizeof(*n));
	if (!n)
		return -ENOMEM;
	inode_init(&n->base, dir->sb, &jump_ops, S_IFLNK | 0700);
	n->base.ino = INO_BASE + (unsigned)number;
	n->base.size = 64; /* as on Linux: nobody has asked how long it is yet */
	n->jump = jump;
	n->number = (unsigned)number;
	*out = &n->base;
	return vfs_put_later(&n->base);
}

static int jumps_iterate(struct inode *dir, off_t *pos, dirent_fn fn, void *arg)
{
	const struct procfs_jump *jump = to_proc(dir)->jump;

	for (int n = jump->next((unsigned)*pos); n >= 0; n = jump->next((unsigned)*pos)) {
		char name[12];
		int ret = fn(arg, name, (size_t)snprintf(name, sizeof(name), "%d", n), INO_BASE + (unsigned)n, S_IFLNK, n + 1);

		if (ret)
			return ret;
		*pos = n + 1;
	}
	return 0;
}

static const struct inode_ops jumps_ops = {
	.lookup = jumps_lookup,
	.iterate = jumps_iterate,
	.make = proc_refuse,
	.link = proc_refuse_link,
	.unlink = proc_refuse_unlink,
	.rename = proc_refuse_rename,
	.statfs = proc_statfs,
};

static int add(const char *path, const struct inode_ops *ops, uint32_t mode, const struct procfs_jump *jump)
{
	struct proc_node *n;
	int ret = proc_add(path, ops, mode, &n);

	if (!ret)
		n->jump = jump;
	return ret;
}

int procfs_jump(const char *path, const struct procfs_jump *jump)
{
	return add(path, &jump_ops, S_IFLNK | S_IRWXUGO, jump);
}

int procfs_jumps(const char *path, const struct procfs_jump *jump)
{
	return add(path, &jumps_ops, S_IFDIR | 0500, jump);
}
