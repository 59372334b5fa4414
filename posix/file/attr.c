/* SPDX-License-Identifier: BSD-3-Clause */
/* Changing modes, owners and times. */
#include <core/time.h>
#include <posix/calls.h>

#include "internal.h"

static long set_mode(struct inode *inode, long mode)
{
	if (S_ISLNK(inode->mode))
		return -EOPNOTSUPP;
	inode->mode = (inode->mode & S_IFMT) | (mode & S_IALLUGO);
	inode_touch(inode, INODE_CTIME);
	return 0;
}

long sys_fchmodat(int dirfd, const char *path, unsigned mode)
{
	struct inode *inode;
	long ret = at_lookup(dirfd, path, 0, &inode);

	if (ret)
		return ret;
	ret = set_mode(inode, mode);
	inode_put(inode);
	return ret;
}

long sys_chmod(const char *path, unsigned mode)
{
	return sys_fchmodat(AT_FDCWD, path, mode);
}

long sys_fchmod(int fd, unsigned mode)
{
	struct file *f = fd_get(fd);
	long ret = 0;

	if (!f || (f->flags & O_PATH))
		ret = -EBADF;
	else if (f->inode)
		ret = set_mode(f->inode, mode);
	if (f)
		file_put(f);
	return ret;
}

void inode_set_owner(struct inode *inode, uint32_t uid, uint32_t gid)
{
	if (uid != UINT32_MAX)
		inode->uid = uid;
	if (gid != UINT32_MAX)
		inode->gid = gid;
	inode_touch(inode, INODE_CTIME);
}

long sys_chown(const char *path, unsigned uid, unsigned gid)
{
	struct inode *inode;
	int ret = at_lookup(AT_FDCWD, path, 0, &inode);

	if (ret)
		return ret;
	inode_set_owner(inode, uid, gid);
	inode_put(inode);
	return 0;
}

long sys_fchown(int fd, unsigned uid, unsigned gid)
{
	struct file *f = fd_get(fd);

	if (!f)
		return -EBADF;
	if (f->inode)
		inode_set_owner(f->inode, uid, gid);
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
long sys_utimensat(int dirfd, const char *path, const struct timespec *times, int flags)
{
	const struct timespec *t = times;
	struct inode *inode;
	int ret;

	if ((flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) || (t && !(is_valid_time(&t[0]) && is_valid_time(&t[1]))))
		return -EINVAL;
	ret = at_lookup(dirfd, path, path ? flags : flags | AT_EMPTY_PATH, &inode);
	if (ret)
		return ret == -ENOTDIR && !path ? 0 : ret; /* a pipe or a socket: its times are nowhere shown */
	set_times(inode, t);
	inode_put(inode);
	return 0;
}
