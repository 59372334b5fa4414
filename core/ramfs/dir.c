/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Directories: entries by name, to find one, and by cookies that ever grow, so that reading one goes on where it stopped, whatever came and
 * went meanwhile.
 */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/string.h>

#include "internal.h"

struct entry {
	struct tree_node name_node, cookie_node;
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

static int compare_name(uint32_t hash, const char *s, size_t len, const struct entry *e)
{
	if (hash != e->hash)
		return hash < e->hash ? -1 : 1;
	if (len != e->len)
		return len < e->len ? -1 : 1;
	return memcmp(s, e->name, len);
}

static bool name_before(const struct tree_node *a, const struct tree_node *b)
{
	const struct entry *e = tree_entry(a, const struct entry, name_node);

	return compare_name(e->hash, e->name, e->len, tree_entry(b, const struct entry, name_node)) < 0;
}

static bool cookie_before(const struct tree_node *a, const struct tree_node *b)
{
	return tree_entry(a, const struct entry, cookie_node)->cookie < tree_entry(b, const struct entry, cookie_node)->cookie;
}

void ramfs_dir_init(struct ramfs_inode *r)
{
	r->names = (struct tree)TREE_INIT(name_before, NULL);
	r->cookies = (struct tree)TREE_INIT(cookie_before, NULL);
}

static struct entry *find(struct inode *dir, struct name name)
{
	uint32_t hash = hash_name(name);

	for (struct tree_node *n = to_ramfs(dir)->names.root; n;) {
		struct entry *e = tree_entry(n, struct entry, name_node);
		int order = compare_name(hash, name.s, name.len, e);

		if (!order)
			return e;
		n = order < 0 ? n->left : n->right;
	}
	return NULL;
}

/* The first entry behind @cookie, or NULL. */
static struct entry *entry_behind(struct inode *dir, uint64_t cookie)
{
	struct entry *best = NULL;

	for (struct tree_node *n = to_ramfs(dir)->cookies.root; n;) {
		struct entry *e = tree_entry(n, struct entry, cookie_node);

		if (e->cookie > cookie)
			best = e;
		n = e->cookie > cookie ? n->left : n->right;
	}
	return best;
}

static bool is_empty(struct inode *dir)
{
	return tree_empty(&to_ramfs(dir)->names);
}

static struct entry *entry_new(struct name name)
{
	struct entry *e = kmalloc(sizeof(*e) + name.len);

	if (!e)
		return NULL;
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
	tree_insert(&r->names, &e->name_node);
	tree_insert(&r->cookies, &e->cookie_node);
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

	tree_remove(&to_ramfs(dir)->names, &e->name_node);
	tree_remove(&to_ramfs(dir)->cookies, &e->cookie_node);
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
	/* The inode's own account is for one name. */
	const bool another = inode->nlink > 0;

	if (another && !space_take_inode(dir->sb))
		return -ENOSPC;
	struct entry *e = entry_new(name);

	if (!e) {
		if (another)
			space_give_inode(dir->sb);
		return -ENOMEM;
	}
	entry_insert(dir, e, inode_get(inode));
	inode->nlink++;
	inode_touch(inode, INODE_CTIME);
	return 0;
}

/* The last act for a name: it stops counting, and maybe the inode goes. */
static void forget(struct inode *inode)
{
	if (!S_ISDIR(inode->mode) && inode->nlink > 1)
		space_give_inode(inode->sb);
	inode->nlink = S_ISDIR(inode->mode) ? 0 : inode->nlink - 1;
	inode_put(inode);
}

int ramfs_unlink(struct inode *dir, struct name name, struct inode *inode)
{
	struct entry *e = find(dir, name);

	if (!e)
		return -ENOENT;
	if (S_ISDIR(inode->mode) && !is_empty(inode))
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
	if (target && S_ISDIR(target->mode) && !is_empty(target))
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

/* Count the directory @inode as one of @dir's. Its reference to the directory above it moves along. */
static void adopt(struct inode *dir, struct inode *inode)
{
	if (!S_ISDIR(inode->mode))
		return;
	inode->parent->nlink--;
	inode_put(inode->parent);
	inode->parent = inode_get(dir);
	dir->nlink++;
}

int ramfs_exchange(struct inode *from, struct name old, struct inode *to, struct name new)
{
	struct entry *a = find(from, old), *b = find(to, new);
	struct inode *inode;

	if (!a || !b)
		return -ENOENT;
	inode = a->inode;
	a->inode = b->inode;
	b->inode = inode;
	adopt(from, a->inode);
	adopt(to, b->inode);
	inode_touch(from, INODE_MTIME | INODE_CTIME);
	inode_touch(to, INODE_MTIME | INODE_CTIME);
	inode_touch(a->inode, INODE_CTIME);
	inode_touch(b->inode, INODE_CTIME);
	return 0;
}

int ramfs_iterate(struct inode *dir, off_t *pos, dirent_fn fn, void *arg)
{
	struct entry *e;

	while ((e = entry_behind(dir, *pos))) {
		int ret = fn(arg, e->name, e->len, e->inode->ino, e->inode->mode & S_IFMT, e->cookie);

		if (ret)
			return ret;
		*pos = e->cookie;
	}
	return 0;
}
