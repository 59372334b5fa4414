/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by the files of core/procfs only. */
#ifndef CORE_PROCFS_INTERNAL_H
#define CORE_PROCFS_INTERNAL_H

#include <core/list.h>
#include <core/procfs.h>

struct seq {
	char *text;
	size_t len, room;
	bool failed;
};

struct proc_node {
	struct inode base;
	const char *name;
	struct list link; /* in @children of the directory */
	struct list children;
	procfs_show show;
	void *arg;
	const struct procfs_jump *jump;
	unsigned number; /* for @jump */
};

static inline struct proc_node *to_proc(struct inode *inode)
{
	return container_of(inode, struct proc_node, base);
}

/* tree.c: operations of all nodes but the links in links.c. */
extern const struct inode_ops proc_ops;
/* A new node below @path's directory, with @ops. */
int proc_add(const char *path, const struct inode_ops *ops, uint32_t mode, struct proc_node **out);
int proc_refuse(struct inode *dir, struct name name, const struct inode_spec *spec, struct inode **out);
int proc_refuse_link(struct inode *dir, struct name name, struct inode *inode);
int proc_refuse_unlink(struct inode *dir, struct name name, struct inode *inode);
int proc_refuse_rename(struct inode *from, struct name old, struct inode *to, struct name new, struct inode *inode,
                       struct inode *target);
int proc_statfs(struct superblock *sb, struct statfs *st);

/* file.c */
int proc_open(struct inode *inode, struct file *f);

#endif
