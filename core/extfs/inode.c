/* SPDX-License-Identifier: BSD-3-Clause */
/* Inodes in use: found by number, or read from the disk. Names hold none. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/string.h>

#include "internal.h"

static bool inode_before(const struct tree_node *a, const struct tree_node *b)
{
	return tree_entry(a, const struct ext_inode, node)->base.ino < tree_entry(b, const struct ext_inode, node)->base.ino;
}

void ext_inodes_init(struct ext_fs *fs)
{
	spinlock_init(&fs->inodes_lock, "extfs: inodes in use");
	fs->in_use = (struct tree)TREE_INIT(inode_before, NULL);
	list_init(&fs->orphans);
}

static struct inode *find(struct ext_fs *fs, uint32_t ino)
{
	struct inode *found = NULL;

	spin_lock(&fs->inodes_lock);
	for (struct tree_node *n = fs->in_use.root; n && !found;) {
		struct ext_inode *i = tree_entry(n, struct ext_inode, node);

		if (i->base.ino != ino) {
			n = ino < i->base.ino ? n->left : n->right;
			continue;
		}
		if (inode_get_alive(&i->base)) {
			found = &i->base;
			break;
		}
		tree_remove(&fs->in_use, &i->node);
		tree_node_init(&i->node);
		n = fs->in_use.root;
	}
	spin_unlock(&fs->inodes_lock);
	return found;
}

int ext_inode_disk(struct ext_fs *fs, uint32_t ino, struct ext_buf **buf, struct ext_inode_disk **d)
{
	uint64_t at = (uint64_t)((ino - 1) % fs->inodes_per_group) * fs->inode_size;
	struct ext_group_disk *g;
	struct ext_buf *group;
	int ret = ext_group(fs, (ino - 1) / fs->inodes_per_group, &group, &g);

	if (ret)
		return ret;
	uint64_t block = g->inode_table + (at >> fs->block_shift);

	ext_put(fs, group);
	ret = ext_read(fs, block, buf);
	if (!ret)
		*d = (struct ext_inode_disk *)(ext_data(*buf) + (at & (fs->block_size - 1)));
	return ret;
}

static struct ext_inode_disk *disk_of(const struct ext_inode *inode)
{
	const struct ext_fs *fs = to_fs(inode->base.sb);
	uint64_t at = (uint64_t)((inode->base.ino - 1) % fs->inodes_per_group) * fs->inode_size;

	return (struct ext_inode_disk *)(ext_data(inode->table) + (at & (fs->block_size - 1)));
}

void ext_inode_write(struct ext_inode *inode)
{
	ext_attributes_write(inode, disk_of(inode));
	ext_dirty_meta(to_fs(inode->base.sb), inode->table);
}

void ext_inode_write_times(struct ext_inode *inode)
{
	struct ext_fs *fs = to_fs(inode->base.sb);
	bool needed = fs->cache.needed;

	ext_inode_write(inode);
	fs->cache.needed = needed;
}

/* The text of a symbolic link. */
static int read_target(struct ext_inode *inode)
{
	struct ext_fs *fs = to_fs(inode->base.sb);
	uint64_t size = (uint64_t)inode->base.size;
	const char *from = (const char *)inode->block;
	struct ext_buf *buf = NULL;
	uint32_t block = 0;
	int ret = 0;

	if (!size || size >= MIN((uint64_t)PATH_MAX, fs->block_size + (uint64_t)1))
		return ext_damaged(fs, "the symbolic link", inode->base.ino);
	if (size >= sizeof(inode->block) || (inode->flags & INODE_EXTENTS)) {
		ret = ext_map(inode, 0, &block);
		if (!ret)
			ret = block ? ext_read(fs, block, &buf) : ext_damaged(fs, "the symbolic link", inode->base.ino);
		if (ret)
			return ret;
		from = ext_data(buf);
	}
	char *target = kmalloc(size + 1);

	if (target) {
		memcpy(target, from, size);
		target[size] = 0;
		if (strlen(target) != size)
			ret = ext_damaged(fs, "the symbolic link", inode->base.ino);
	}
	ext_put(fs, buf);
	inode->base.target = target;
	return target ? ret : -ENOMEM;
}

static void insert(struct ext_fs *fs, struct ext_inode *inode)
{
	spin_lock(&fs->inodes_lock);
	tree_insert(&fs->in_use, &inode->node);
	spin_unlock(&fs->inodes_lock);
}

static void release(struct ext_inode *inode)
{
	struct ext_fs *fs = to_fs(inode->base.sb);

	ext_put(fs, inode->table);
	kfree((void *)(uintptr_t)inode->base.target);
	kfree(inode);
}

static struct ext_inode *allocate(struct ext_fs *fs, uint32_t ino, struct ext_buf *table)
{
	struct ext_inode *inode = kzalloc(sizeof(*inode));

	if (!inode)
		return NULL;
	inode_init(&inode->base, &fs->base, &ext_inode_ops, 0);
	inode->base.ino = ino;
	inode->table = table;
	tree_node_init(&inode->node);
	list_init(&inode->orphan);
	return inode;
}

static int check(const struct ext_fs *fs, const struct ext_inode *inode)
{
	static const uint16_t known = 1u << (S_IFDIR >> 12) | 1u << (S_IFREG >> 12) | 1u << (S_IFLNK >> 12) |
	                              1u << (S_IFCHR >> 12) | 1u << (S_IFBLK >> 12) | 1u << (S_IFIFO >> 12) |
	                              1u << (S_IFSOCK >> 12);
	const struct inode *i = &inode->base;

	if (inode->flags & INODE_STRANGE)
		return -EOPNOTSUPP;
	if (!(known >> ((i->mode & S_IFMT) >> 12) & 1) || i->size < 0 || (inode->acl && !ext_block_ok(fs, inode->acl)))
		return -EIO;
	return S_ISDIR(i->mode) && (i->size & (fs->block_size - 1) || !i->size) ? -EIO : 0;
}

static int load(struct ext_fs *fs, uint32_t ino, struct inode **out)
{
	struct ext_inode_disk *d;
	struct ext_buf *table;
	int ret = ext_inode_disk(fs, ino, &table, &d);

	if (ret)
		return ret;
	/* What is in the journal's inode, and no directory names, is checked by who reads it. */
	bool good = ext_inode_sum_good(fs, ino, d) &&
	            (fs->inode_size == EXT_GOOD_OLD_INODE || d->extra <= fs->inode_size - EXT_GOOD_OLD_INODE);

	if (!good || (!d->links && !fs->finishing)) {
		ext_put(fs, table);
		return ext_damaged(fs, "inode", ino);
	}
	struct ext_inode *inode = allocate(fs, ino, table);

	if (!inode) {
		ext_put(fs, table);
		return -ENOMEM;
	}
	ext_attributes_read(inode, d);
	ret = check(fs, inode);
	if (!ret && S_ISLNK(inode->base.mode))
		ret = read_target(inode);
	if (ret == -EIO)
		ext_damaged(fs, "inode", ino);
	if (ret) {
		release(inode);
		return ret;
	}
	insert(fs, inode);
	*out = &inode->base;
	return 0;
}

int ext_inode_get(struct ext_fs *fs, uint32_t ino, struct inode **out)
{
	if (!ino || ino > fs->inodes)
		return ext_damaged(fs, "a name of inode", ino);
	*out = find(fs, ino);
	return *out ? 0 : load(fs, ino, out);
}

/* Its text, in the inode if it is short. */
static int write_target(struct ext_inode *inode, const char *target)
{
	struct ext_fs *fs = to_fs(inode->base.sb);
	size_t size = strlen(target);
	struct ext_buf *buf;
	uint32_t block;
	bool fresh;

	if (size > fs->block_size || size >= PATH_MAX)
		return -ENAMETOOLONG;
	inode->base.target = kstrdup(target);
	if (!inode->base.target)
		return -ENOMEM;
	inode->base.size = (off_t)size;
	if (size < sizeof(inode->block)) {
		memcpy(inode->block, target, size);
		return 0;
	}
	int ret = ext_map_make(inode, 0, &block, &fresh);

	if (!ret)
		ret = ext_clear(fs, block, &buf);
	if (ret)
		return ret;
	memcpy(ext_data(buf), target, size);
	ext_dirty_data(fs, buf);
	ext_put(fs, buf);
	return 0;
}

static void set_new(struct ext_inode *inode, const struct inode_spec *spec)
{
	struct ext_fs *fs = to_fs(inode->base.sb);
	struct ext_inode_disk *d = disk_of(inode);
	uint32_t now = (uint32_t)(inode->base.ctime / NSEC_PER_SEC);

	memset(d, 0, fs->inode_size);
	if (fs->inode_size >= sizeof(*d)) {
		d->extra = sizeof(*d) - EXT_GOOD_OLD_INODE;
		d->crtime = now;
	}
	inode->base.mode = spec->mode;
	inode->base.rdev = spec->rdev;
	inode->base.nlink = S_ISDIR(spec->mode) ? 2 : 1;
	inode->generation = now ^ (uint32_t)inode->base.ino * 2654435761u;
}

int ext_inode_new(struct inode *dir, const struct inode_spec *spec, struct inode **out)
{
	struct ext_fs *fs = to_fs(dir->sb);
	struct ext_inode_disk *d;
	struct ext_buf *table;
	uint32_t ino;
	int ret = ext_inode_alloc(fs, (uint32_t)dir->ino, S_ISDIR(spec->mode), &ino);

	if (ret)
		return ret;
	struct ext_inode *inode = NULL;

	ret = ext_inode_disk(fs, ino, &table, &d);
	if (!ret) {
		inode = allocate(fs, ino, table);
		if (!inode) {
			ext_put(fs, table);
			ret = -ENOMEM;
		}
	}
	if (ret) {
		ext_inode_free(fs, ino, S_ISDIR(spec->mode));
		return ret;
	}
	set_new(inode, spec);
	insert(fs, inode);
	if (S_ISLNK(spec->mode))
		ret = write_target(inode, spec->target);
	else if (S_ISDIR(spec->mode))
		ret = ext_dir_init(inode, (uint32_t)dir->ino);
	if (ret) {
		ext_inode_discard(inode);
		return ret;
	}
	ext_inode_write(inode);
	*out = &inode->base;
	return 0;
}

static void forget(struct ext_inode *inode)
{
	struct ext_fs *fs = to_fs(inode->base.sb);

	spin_lock(&fs->inodes_lock);
	tree_remove(&fs->in_use, &inode->node);
	spin_unlock(&fs->inodes_lock);
}

void ext_inode_discard(struct ext_inode *inode)
{
	inode->base.nlink = 0;
	ext_inode_remove(inode);
	forget(inode);
	release(inode);
}

void ext_destroy(struct inode *i)
{
	struct ext_fs *fs = to_fs(i->sb);
	struct ext_inode *inode = to_ext(i);
	bool gone = true;

	mutex_lock(&fs->lock);
	if (!i->nlink && !fs->read_only && !fs->broken && fs->mounted)
		gone = !ext_inode_remove(inode);
	forget(inode);
	/* One that could not be freed is left to the next mount, and for the sake of the list of such to memory. */
	if (gone || list_empty(&inode->orphan))
		release(inode);
	mutex_unlock(&fs->lock);
}

void ext_inodes_free(struct ext_fs *fs)
{
	while (!list_empty(&fs->orphans)) {
		struct ext_inode *inode = list_first(&fs->orphans, struct ext_inode, orphan);

		list_del(&inode->orphan);
		release(inode);
	}
}
