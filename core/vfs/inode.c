/* SPDX-License-Identifier: BSD-3-Clause */
/* Inodes and mounts. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/log.h>
#include <core/notify.h>
#include <core/string.h>
#include <core/time.h>
#include <core/vfs.h>

static struct mutex name_lock = MUTEX_INIT(name_lock);
static struct superblock *root_sb;

/* What is put when the lock is released; under the lock. */
static struct deferred {
	struct deferred *next;
	struct inode *inode;
} * deferred;

void vfs_lock(void)
{
	mutex_lock(&name_lock);
}

void vfs_unlock(void)
{
	struct deferred *d = deferred, *next;

	deferred = NULL;
	mutex_unlock(&name_lock);
	for (; d; d = next) {
		next = d->next;
		inode_put(d->inode);
		kfree(d);
	}
}

int vfs_put_later(struct inode *inode)
{
	struct deferred *d = kmalloc(sizeof(*d));

	if (!d) {
		inode_put(inode);
		return -ENOMEM;
	}
	*d = (struct deferred){ deferred, inode };
	deferred = d;
	return 0;
}

struct inode *vfs_root(void)
{
	return root_sb->root;
}

void vfs_set_root(struct superblock *sb)
{
	root_sb = sb;
}

uint64_t vfs_new_dev(void)
{
	static unsigned last;

	return dev_make(0, ++last);
}

int vfs_mount(const char *path, struct superblock *sb)
{
	struct inode *dir;
	int ret;

	vfs_lock();
	ret = vfs_find(NULL, path, WALK_FOLLOW, &dir);
	if (!ret && !S_ISDIR(dir->mode))
		ret = -ENOTDIR;
	/* A walk that ends on a covered directory gives what covers it: the root of another file system. */
	if (!ret && (dir->mounted || dir->sb->root == dir))
		ret = -EBUSY;
	if (!ret) {
		sb->covered = inode_get(dir);
		dir->mounted = sb;
	}
	vfs_unlock();
	return ret;
}

void inode_init(struct inode *inode, struct superblock *sb, const struct inode_ops *ops, uint32_t mode)
{
	memset(inode, 0, sizeof(*inode));
	inode->ops = ops;
	inode->sb = sb;
	inode->refs = 1;
	inode->nlink = 1;
	inode->mode = mode;
	inode->ino = ++sb->next_ino;
	mutex_init(&inode->lock);
	list_init(&inode->locks);
	list_init(&inode->watches);
	list_init(&inode->places);
	inode_touch(inode, INODE_ATIME | INODE_MTIME | INODE_CTIME);
}

void inode_put(struct inode *inode)
{
	/* A directory holds its parent; walk up in a loop, since the chain may be long. */
	while (inode && !__atomic_sub_fetch(&inode->refs, 1, __ATOMIC_ACQ_REL)) {
		struct inode *parent = S_ISDIR(inode->mode) && inode->parent != inode ? inode->parent : NULL;

		notify_gone(inode);
		inode->ops->destroy(inode);
		inode = parent;
	}
}

void inode_touch(struct inode *inode, unsigned which)
{
	uint64_t now = time_wall();

	if (which & INODE_ATIME)
		inode->atime = now;
	if (which & INODE_MTIME)
		inode->mtime = now;
	if (which & INODE_CTIME)
		inode->ctime = now;
}

static struct timespec to_timespec(uint64_t ns)
{
	return (struct timespec){ .tv_sec = ns / NSEC_PER_SEC, .tv_nsec = ns % NSEC_PER_SEC };
}

/* A time alone is what a read or a write changes. */
static uint32_t event_of(unsigned what)
{
	switch (what) {
	case CHANGE_ATIME:
	case CHANGE_ATIME_NOW:
		return IN_ACCESS;
	case CHANGE_MTIME:
	case CHANGE_MTIME_NOW:
		return IN_MODIFY;
	default:
		return IN_ATTRIB;
	}
}

bool inode_get_alive(struct inode *inode)
{
	unsigned refs = READ_ONCE(inode->refs);

	while (refs)
		if (__atomic_compare_exchange_n(&inode->refs, &refs, refs + 1, true, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
			return true;
	return false;
}

/* Is @inode above @dir, or @dir itself? */
static bool is_above(const struct inode *inode, const struct inode *dir)
{
	while (dir != inode && dir->parent != dir)
		dir = dir->parent;
	return dir == inode;
}

int inode_set_parent(struct inode *inode, struct inode *dir)
{
	struct inode *old = inode->parent;

	if (old == dir)
		return 0;
	if (is_above(inode, dir))
		return -ELOOP;
	inode->parent = inode_get(dir);
	inode_put(old);
	return 0;
}

void inode_apply(struct inode *inode, const struct inode_change *c)
{
	if (c->what & CHANGE_MODE)
		inode->mode = (inode->mode & S_IFMT) | (c->mode & S_IALLUGO);
	if (c->what & CHANGE_UID)
		inode->uid = c->uid;
	if (c->what & CHANGE_GID)
		inode->gid = c->gid;
	if (c->what & CHANGE_ATIME)
		inode->atime = c->atime;
	if (c->what & CHANGE_MTIME)
		inode->mtime = c->mtime;
	inode_touch(inode, (c->what & CHANGE_ATIME_NOW ? INODE_ATIME : 0) | (c->what & CHANGE_MTIME_NOW ? INODE_MTIME : 0) |
	                           INODE_CTIME);
}

int inode_change(struct inode *inode, const struct inode_change *c)
{
	int ret = inode->ops->change ? inode->ops->change(inode, c) : 0;

	if (ret)
		return ret;
	inode_apply(inode, c);
	notify_inode(inode, event_of(c->what));
	return 0;
}

int inode_stat(struct inode *inode, struct stat *st)
{
	int ret = inode->ops->refresh ? inode->ops->refresh(inode) : 0;

	if (ret)
		return ret;
	memset(st, 0, sizeof(*st));
	st->st_dev = inode->sb->dev;
	st->st_ino = inode->ino;
	st->st_nlink = inode->nlink;
	st->st_mode = inode->mode;
	st->st_uid = inode->uid;
	st->st_gid = inode->gid;
	st->st_rdev = inode->rdev;
	st->st_size = inode->size;
	st->st_blksize = PAGE_SIZE;
	st->st_blocks = inode->ops->blocks ? inode->ops->blocks(inode) : 0;
	st->st_atim = to_timespec(inode->atime);
	st->st_mtim = to_timespec(inode->mtime);
	st->st_ctim = to_timespec(inode->ctime);
	return 0;
}

uint64_t file_size_limit = UINT64_MAX;
void (*file_limit_hook)(void);

int inode_check_size(const struct inode *inode, uint64_t size)
{
	if (likely(size <= file_size_limit) || size <= (uint64_t)inode->size)
		return 0;
	if (file_limit_hook)
		file_limit_hook();
	return -EFBIG;
}

int inode_truncate(struct inode *inode, off_t size)
{
	int ret;

	if (size < 0)
		return -EINVAL;
	if (S_ISDIR(inode->mode))
		return -EISDIR;
	if (!S_ISREG(inode->mode) || !inode->ops->truncate)
		return -EINVAL;
	mutex_lock(&inode->lock);
	ret = inode_check_size(inode, (uint64_t)size);
	if (!ret)
		ret = inode->ops->truncate(inode, size);
	if (!ret)
		inode_touch(inode, INODE_MTIME | INODE_CTIME);
	mutex_unlock(&inode->lock);
	return ret;
}
