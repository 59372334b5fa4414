/* SPDX-License-Identifier: BSD-3-Clause */
/* Directories: a list of entries with ever growing cookies, so that reading one goes on where it stopped. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/string.h>

#include "internal.h"

struct entry {
	struct list link;
	struct inode *inode; /* counted */
	uint64_t cookie;
	uint32_t hash;
	uint16_t len;
	char name[];
};

static uint32_t hash_name(struct name name)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < name.len; i++)
		h = (h ^ (unsigned char)name.s[i]) * 16777619u;
	return h;
}

static struct entry *find(struct inode *dir, struct name name)
{
	uint32_t hash = hash_name(name);
	struct entry *e;

	list_for_each(e, &to_ramfs(dir)->entries, link)
		if (e->hash == hash && e->len == name.len && !memcmp(e->name, name.s, name.len))
			return e;
	return NULL;
}

static struct entry *entry_new(struct name name)
{
	struct entry *e = kmalloc(sizeof(*e) + name.len);

	if (!e)
		return NULL;
	list_init(&e->link);
	e->hash = hash_name(name);
	e->len = name.len;
	memcpy(e->name, name.s, name.len);
	return e;
}

/* Takes over the caller's reference to @inode. */
static void entry_insert(struct inode *dir, struct entry *e, struct inode *inode)
{
	struct ramfs_inode *r = to_ramfs(dir);

	e->inode = inode;
	e->cookie = ++r->last_cookie;
	list_push_back(&r->entries, &e->link);
	inode_touch(dir, INODE_MTIME | INODE_CTIME);
	if (S_ISDIR(inode->mode)) {
		inode->parent = inode_get(dir);
		dir->nlink++;
	}
}

/* Unlinks and frees @e; its reference to the inode passes to the caller. */
static struct inode *entry_remove(struct inode *dir, struct entry *e)
{
	struct inode *inode = e->inode;

	list_del(&e->link);
	kfree(e);
	inode_touch(dir, INODE_MTIME | INODE_CTIME);
	inode_touch(inode, INODE_CTIME);
	if (S_ISDIR(inode->mode))
		dir->nlink--;
	return inode;
}

int ramfs_lookup(struct inode *dir, struct name name, struct inode **out)
{
	struct entry *e = find(dir, name);

	if (!e)
		return -ENOENT;
	*out = e->inode;
	return 0;
}

int ramfs_make(struct inode *dir, struct name name, const struct inode_spec *spec, struct inode **out)
{
	if (!space_take_inode(dir->sb))
		return -ENOSPC;
	struct entry *e = entry_new(name);
	struct inode *inode = e ? ramfs_inode_new(dir->sb, spec) : NULL;

	if (!inode) {
		space_give_inode(dir->sb);
		kfree(e);
		return -ENOMEM;
	}
	if (S_ISDIR(inode->mode))
		inode->nlink = 2;
	entry_insert(dir, e, inode);
	*out = inode;
	return 0;
}

int ramfs_link(struct inode *dir, struct name name, struct inode *inode)
{
	struct entry *e = entry_new(name);

	if (!e)
		return -ENOMEM;
	entry_insert(dir, e, inode_get(inode));
	inode->nlink++;
	inode_touch(inode, INODE_CTIME);
	return 0;
}

/* The last act for a name: it stops counting, and maybe the inode goes. */
static void forget(struct inode *inode)
{
	inode->nlink = S_ISDIR(inode->mode) ? 0 : inode->nlink - 1;
	inode_put(inode);
}

int ramfs_unlink(struct inode *dir, struct name name, struct inode *inode)
{
	struct entry *e = find(dir, name);

	if (!e)
		return -ENOENT;
	if (S_ISDIR(inode->mode) && !list_empty(&to_ramfs(inode)->entries))
		return -ENOTEMPTY;
	forget(entry_remove(dir, e));
	return 0;
}

int ramfs_rename(struct inode *from, struct name old, struct inode *to, struct name new, struct inode *inode,
                 struct inode *target)
{
	struct entry *src = find(from, old), *dst;

	if (!src || src->inode != inode)
		return -ENOENT;
	if (target && S_ISDIR(target->mode) && !list_empty(&to_ramfs(target)->entries))
		return -ENOTEMPTY;
	dst = entry_new(new);
	if (!dst)
		return -ENOMEM;
	if (target)
		forget(entry_remove(to, find(to, new)));
	entry_remove(from, src);
	if (S_ISDIR(inode->mode)) {
		struct inode *parent = inode->parent;

		entry_insert(to, dst, inode);
		inode_put(parent);
	} else {
		entry_insert(to, dst, inode);
	}
	return 0;
}

int ramfs_iterate(struct inode *dir, off_t *pos, dirent_fn fn, void *arg)
{
	struct entry *e;

	list_for_each(e, &to_ramfs(dir)->entries, link) {
		int ret;

		if ((off_t)e->cookie <= *pos)
			continue;
		ret = fn(arg, e->name, e->len, e->inode->ino, e->inode->mode & S_IFMT, e->cookie);
		if (ret)
			return ret;
		*pos = e->cookie;
	}
	return 0;
}
