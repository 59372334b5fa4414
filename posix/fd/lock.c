/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Advisory locks that belong to an open file: byte ranges (F_OFD_*) and whole files (flock). The two kinds do not see each
 * other, as on Linux. An inode keeps its locks in a list.
 */
#include <core/alloc.h>
#include <core/init.h>
#include <core/vfs.h>
#include <posix/calls.h>

#include "internal.h"

struct range_lock {
	struct list link;
	struct file *owner; /* not counted: goes with the file */
	bool whole; /* flock */
	bool exclusive;
	int64_t start, end; /* both included */
};

static struct mutex locks_lock = MUTEX_INIT(locks_lock);
static struct waitq released = WAITQ_INIT(released);

static bool overlaps(const struct range_lock *a, const struct range_lock *b)
{
	return a->whole == b->whole && a->start <= b->end && b->start <= a->end;
}

static struct range_lock *find_conflict(struct inode *inode, const struct range_lock *want)
{
	struct range_lock *l;

	list_for_each(l, &inode->locks, link)
		if (l->owner != want->owner && overlaps(l, want) && (l->exclusive || want->exclusive))
			return l;
	return NULL;
}

/*
 * Take @cut's range out of the owner's locks. A lock that contains it with room on both sides is split, for which *@spare is
 * used up.
 */
static void carve(struct inode *inode, const struct range_lock *cut, struct range_lock **spare)
{
	struct range_lock *l, *tmp;

	list_for_each_safe(l, tmp, &inode->locks, link) {
		if (l->owner != cut->owner || !overlaps(l, cut))
			continue;
		if (l->start < cut->start && l->end > cut->end) {
			**spare = *l;
			(*spare)->start = cut->end + 1;
			l->end = cut->start - 1;
			list_push_back(&inode->locks, &(*spare)->link);
			*spare = NULL;
			return; /* locks of one owner do not overlap: this was the only one */
		}
		if (l->start < cut->start) {
			l->end = cut->start - 1;
		} else if (l->end > cut->end) {
			l->start = cut->end + 1;
		} else {
			list_del(&l->link);
			kfree(l);
		}
	}
}

/* One attempt. -EAGAIN when somebody else holds it. */
static int apply(struct inode *inode, const struct range_lock *want, bool unlock)
{
	struct range_lock *spare = kmalloc(sizeof(*spare)), *new = kmalloc(sizeof(*new));
	int ret = 0;

	mutex_lock(&locks_lock);
	if (!spare || !new) {
		ret = -ENOMEM;
	} else if (!unlock && find_conflict(inode, want)) {
		ret = -EAGAIN;
	} else {
		carve(inode, want, &spare);
		if (!unlock) {
			*new = *want;
			list_push_back(&inode->locks, &new->link);
			want->owner->has_locks = true;
			new = NULL;
		}
	}
	mutex_unlock(&locks_lock);
	kfree(spare);
	kfree(new);
	if (!ret)
		waitq_wake(&released, ~0u); /* also a downgrade lets others in */
	return ret;
}

static long apply_wait(struct inode *inode, const struct range_lock *want, bool unlock, bool wait)
{
	int ret, err;

	if (!wait)
		return apply(inode, want, unlock);
	err = wait_event_interruptible(&released, (ret = apply(inode, want, unlock)) != -EAGAIN);
	return err ? err : ret;
}

/* The range of @fl, absolute. */
static long to_range(struct file *f, const struct flock *fl, struct range_lock *out)
{
	int64_t base = 0, start, end;

	if (fl->whence == SEEK_CUR)
		base = f->pos;
	else if (fl->whence == SEEK_END)
		base = f->inode ? f->inode->size : 0;
	else if (fl->whence != SEEK_SET)
		return -EINVAL;
	if (__builtin_add_overflow(base, fl->start, &start))
		return -EOVERFLOW;
	if (fl->len > 0) {
		if (__builtin_add_overflow(start, fl->len - 1, &end))
			return -EOVERFLOW;
	} else if (fl->len < 0) {
		end = start - 1;
		start += fl->len;
	} else {
		end = INT64_MAX;
	}
	if (start < 0)
		return -EINVAL;
	*out = (struct range_lock){ .owner = f, .exclusive = fl->type == F_WRLCK, .start = start, .end = end };
	return 0;
}

static long check_range(struct file *f, const struct flock *fl, struct range_lock *out)
{
	if (fl->type < F_RDLCK || fl->type > F_UNLCK)
		return -EINVAL;
	return to_range(f, fl, out);
}

static long check_mode(struct file *f, const struct flock *fl)
{
	if ((fl->type == F_RDLCK && !file_readable(f)) || (fl->type == F_WRLCK && !file_writable(f)))
		return -EBADF;
	return 0;
}

long lock_check(struct file *f, const struct flock *fl)
{
	struct range_lock ignored;
	long ret = check_range(f, fl, &ignored);

	return ret ? ret : check_mode(f, fl);
}

long lock_set(struct file *f, const struct flock *fl, bool wait)
{
	struct range_lock want;
	long ret = check_range(f, fl, &want);

	if (!ret)
		ret = check_mode(f, fl);
	if (ret || !f->inode)
		return ret; /* nobody else can have opened what has no inode */
	return apply_wait(f->inode, &want, fl->type == F_UNLCK, wait);
}

long lock_test(struct file *f, struct flock *fl)
{
	struct range_lock want, *l;
	long ret = check_range(f, fl, &want);

	if (ret)
		return ret;
	mutex_lock(&locks_lock);
	l = f->inode ? find_conflict(f->inode, &want) : NULL;
	fl->type = F_UNLCK;
	if (l) {
		fl->type = l->exclusive ? F_WRLCK : F_RDLCK;
		fl->whence = SEEK_SET;
		fl->start = l->start;
		fl->len = l->end == INT64_MAX ? 0 : l->end - l->start + 1;
		fl->pid = -1;
	}
	mutex_unlock(&locks_lock);
	return 0;
}

static void drop_all(struct file *f)
{
	struct range_lock *l, *tmp;

	if (!f->inode)
		return;
	mutex_lock(&locks_lock);
	list_for_each_safe(l, tmp, &f->inode->locks, link) {
		if (l->owner == f) {
			list_del(&l->link);
			kfree(l);
		}
	}
	mutex_unlock(&locks_lock);
	waitq_wake(&released, ~0u);
}

static long flock_file(struct file *f, long op)
{
	struct range_lock want = { .owner = f, .whole = true, .start = 0, .end = INT64_MAX };
	long kind = op & ~LOCK_NB;

	if (kind != LOCK_SH && kind != LOCK_EX && kind != LOCK_UN)
		return -EINVAL;
	if (f->flags & O_PATH)
		return -EBADF;
	if (!f->inode)
		return 0; /* nobody else can have opened it */
	want.exclusive = kind == LOCK_EX;
	return apply_wait(f->inode, &want, kind == LOCK_UN, !(op & LOCK_NB));
}

long sys_flock(int fd, int op)
{
	struct file *f;
	long ret;

	if (op & LOCK_MAND)
		return 0;
	f = fd_get(fd);
	if (!f)
		return -EBADF;
	ret = flock_file(f, op);
	file_put(f);
	return ret;
}

static int file_lock_init(void)
{
	file_on_unlock = drop_all;
	return 0;
}

INITCALL(INIT_SERVICES, file_lock_init);
