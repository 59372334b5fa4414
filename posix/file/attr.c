/* SPDX-License-Identifier: BSD-3-Clause */
/* Changing modes, owners and times. */
#include <core/time.h>
#include <uk/syscall.h>

#include "internal.h"

static long set_mode(struct inode *inode, long mode)
{
	if (S_ISLNK(inode->mode))
		return -EOPNOTSUPP;
	inode->mode = (inode->mode & S_IFMT) | (mode & S_IALLUGO);
	inode_touch(inode, INODE_CTIME);
	return 0;
}

long uk_syscall_fchmodat(long dirfd, long path, long mode)
{
	struct inode *inode;
	long ret = at_lookup(dirfd, (const char *)path, 0, &inode);

	if (ret)
		return ret;
	ret = set_mode(inode, mode);
	inode_put(inode);
	return ret;
}

long uk_syscall_chmod(long path, long mode)
{
	return uk_syscall_fchmodat(AT_FDCWD, path, mode);
}

long uk_syscall_fchmod(long fd, long mode)
{
	struct file *f = fd_get((int)fd);
	long ret = 0;

	if (!f || (f->flags & O_PATH))
		ret = -EBADF;
	else if (f->inode)
		ret = set_mode(f->inode, mode);
	if (f)
		file_put(f);
	return ret;
}

static void set_owner(struct inode *inode, long uid, long gid)
{
	if ((int)uid != -1)
		inode->uid = (uint32_t)uid;
	if ((int)gid != -1)
		inode->gid = (uint32_t)gid;
	inode_touch(inode, INODE_CTIME);
}

long uk_syscall_chown(long path, long uid, long gid)
{
	struct inode *inode;
	int ret = at_lookup(AT_FDCWD, (const char *)path, 0, &inode);

	if (ret)
		return ret;
	set_owner(inode, uid, gid);
	inode_put(inode);
	return 0;
}

long uk_syscall_fchown(long fd, long uid, long gid)
{
	struct file *f = fd_get((int)fd);

	if (!f)
		return -EBADF;
	if (f->inode)
		set_owner(f->inode, uid, gid);
	file_put(f);
	return 0;
}

static bool is_valid_time(const struct timespec *t)
{
	return t->tv_nsec == UTIME_NOW || t->tv_nsec == UTIME_OMIT || (t->tv_nsec >= 0 && t->tv_nsec < (int64_t)NSEC_PER_SEC);
}

static void set_time(struct inode *inode, const struct timespec *t, unsigned which, uint64_t *field)
{
	if (t->tv_nsec == UTIME_NOW)
		inode_touch(inode, which);
	else if (t->tv_nsec != UTIME_OMIT)
		*field = time_of_timespec(t); /* from 1970 to 2262, as much as an inode holds */
}

static void set_times(struct inode *inode, const struct timespec *times)
{
	if (!times) {
		inode_touch(inode, INODE_ATIME | INODE_MTIME | INODE_CTIME);
		return;
	}
	set_time(inode, &times[0], INODE_ATIME, &inode->atime);
	set_time(inode, &times[1], INODE_MTIME, &inode->mtime);
	inode_touch(inode, INODE_CTIME);
}

/* A NULL @path means the descriptor itself: futimens(). */
long uk_syscall_utimensat(long dirfd, long path, long times, long flags)
{
	const struct timespec *t = (const struct timespec *)times;
	struct inode *inode;
	int ret;

	if ((flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) || (t && !(is_valid_time(&t[0]) && is_valid_time(&t[1]))))
		return -EINVAL;
	ret = at_lookup(dirfd, (const char *)path, path ? flags : flags | AT_EMPTY_PATH, &inode);
	if (ret)
		return ret == -ENOTDIR && !path ? 0 : ret; /* a pipe or a socket: its times are nowhere shown */
	set_times(inode, t);
	inode_put(inode);
	return 0;
}
