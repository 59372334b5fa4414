/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * /proc: a read-only tree of files whose text is made when they are read, at position 0, and stays for the reads that follow.
 *
 * Paths are relative to /proc; folders in them are made. Nodes are for ever. Functions that add return 0, -EEXIST or -ENOMEM, and are
 * for thread context, from INIT_SERVICES on.
 */
#ifndef CORE_PROCFS_H
#define CORE_PROCFS_H

#include <core/vfs.h>

/* Text in the making. It grows; without memory, or over SEQ_MAX bytes, what follows is dropped and the read fails with -ENOMEM. */
struct seq;
#define SEQ_MAX (1ul << 20)

/* Append text, as printf(3) makes it of the formats that core/string.h has. */
void seq_printf(struct seq *s, const char *fmt, ...) __printf(2, 3);
/* Append @len bytes. */
void seq_write(struct seq *s, const void *data, size_t len);

/* Makes a file's text; @arg as given to procfs_file(). Thread context, may sleep; nothing but this file is locked. */
typedef void (*procfs_show)(struct seq *s, void *arg);

/* Add a file whose text @show makes, with @arg. Returns as said above. */
int procfs_file(const char *path, procfs_show show, void *arg);
/* Add a symbolic link; @target must live on. Returns as said above. */
int procfs_link(const char *path, const char *target);

/* A link that leads to an inode. Called with vfs_lock(). */
struct procfs_jump {
	/* *@out is counted. -ENXIO if there is no inode, -ENOENT if there is nothing. */
	int (*follow)(unsigned n, struct inode **out);
	/* What readlink(2) says, at most @size bytes. Without vfs_lock(). Returns the length or -Exxx. */
	ssize_t (*text)(unsigned n, char *buf, size_t size);
	/* For folders of links, which are named by numbers: the lowest number >= @from, or -1. */
	int (*next)(unsigned from);
};

/* Add one such link (@n is 0), or a folder of them. @jump must live on. Both return as said above. */
int procfs_jump(const char *path, const struct procfs_jump *jump);
int procfs_jumps(const char *path, const struct procfs_jump *jump);

#endif
