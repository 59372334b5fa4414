/* SPDX-License-Identifier: BSD-3-Clause */
/* Changing modes, owners and times. */
#include <core/time.h>
#include <posix/calls.h>

#include "internal.h"

static long set_mode(struct inode *inode, long mode)
{
	if (S_ISLNK(inode->mode))
		return -EOPNOTSUPP;
	return inode_change(inode, &(struct inode_change){ .what = CHANGE_MODE, .mode = (uint32_t)mode & S_IALLUGO });
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

long inode_set_owner(struct inode *inode, uint32_t uid, uint32_t gid)
{
	unsigned what = (uid != UINT32_MAX ? CHANGE_UID : 0) | (gid != UINT32_MAX ? CHANGE_GID : 0);
	/* Who runs the file from now on is not who it was made for. */
	uint32_t gone = S_ISUID | (inode->mode & S_IXGRP ? S_ISGID : 0);

	if (!S_ISDIR(inode->mode) && (inode->mode & gone))
		what |= CHANGE_MODE;
	const uint32_t mode = inode->mode & S_IALLUGO & ~gone;

	return inode_change(inode, &(struct inode_change){ .what = what, .mode = mode, .uid = uid, .gid = gid });
}

long sys_chown(const char *path, unsigned uid, unsigned gid)
{
	struct inode *inode;
	long ret = at_lookup(AT_FDCWD, path, 0, &inode);

	if (ret)
		return ret;
	ret = inode_set_owner(inode, uid, gid);
	inode_put(inode);
	return ret;
}

long sys_fchown(int fd, unsigned uid, unsigned gid)
{
	struct file *f = fd_get(fd);
	long ret = 0;

	if (!f)
		return -EBADF;
	if (f->flags & O_PATH)
		ret = -EBADF;
	else if (f->inode)
		ret = inode_set_owner(f->inode, uid, gid);
	file_put(f);
	return ret;
}

static bool is_valid_time(const struct timespec *t)
{
	return t->tv_nsec == UTIME_NOW || t->tv_nsec == UTIME_OMIT || (t->tv_nsec >= 0 && t->tv_nsec < (int64_t)NSEC_PER_SEC);
}

/* What to do with a time: @now, @value or nothing. */
static unsigned choose(const struct timespec *t, unsigned now, unsigned value)
{
	return t->tv_nsec == UTIME_NOW ? now : t->tv_nsec == UTIME_OMIT ? 0 : value;
}

static long set_times(struct inode *inode, const struct timespec *times)
{
	struct inode_change c = { .what = CHANGE_ATIME_NOW | CHANGE_MTIME_NOW };

	if (times) {
		c.what = choose(&times[0], CHANGE_ATIME_NOW, CHANGE_ATIME) | choose(&times[1], CHANGE_MTIME_NOW, CHANGE_MTIME);
		/* From 1970 to 2262, as much as an inode holds. */
		if (c.what & CHANGE_ATIME)
			c.atime = time_of_timespec(&times[0]);
		if (c.what & CHANGE_MTIME)
			c.mtime = time_of_timespec(&times[1]);
	}
	return inode_change(inode, &c);
}

/* Of an open file; a pipe's or a socket's times are nowhere shown. */
static long set_times_of(int fd, const struct timespec *times, int flags)
{
	struct file *f;
	long ret = 0;

	if (flags)
		return -EINVAL;
	f = fd_get(fd);
	if (!f)
		return -EBADF;
	if (f->flags & O_PATH)
		ret = -EBADF;
	else if (f->inode)
		ret = set_times(f->inode, times);
	file_put(f);
	return ret;
}

/* A NULL @path means the descriptor itself: futimens(). */
long sys_utimensat(int dirfd, const char *path, const struct timespec *times, int flags)
{
	const struct timespec *t = times;
	struct inode *inode;
	long ret;

	if ((flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) || (t && !(is_valid_time(&t[0]) && is_valid_time(&t[1]))))
		return -EINVAL;
	if (t && t[0].tv_nsec == UTIME_OMIT && t[1].tv_nsec == UTIME_OMIT)
		return 0; /* whether the file is there does not matter */
	if (!path && dirfd != AT_FDCWD)
		return set_times_of(dirfd, t, flags);
	ret = at_lookup(dirfd, path, flags, &inode);
	if (ret)
		return ret;
	ret = set_times(inode, t);
	inode_put(inode);
	return ret;
}
