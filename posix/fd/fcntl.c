/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * fcntl(2). There is one process, so its own record locks (F_SETLK) never conflict: they are checked for form and granted.
 * Locks of open file descriptions (F_OFD_*) do conflict, and are kept.
 */
#include <core/vfs.h>
#include <posix/calls.h>

#include "internal.h"

#define SETFL_MASK (O_APPEND | O_NONBLOCK | O_ASYNC | O_DIRECT | O_NOATIME)
#define SEALS_ALL (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)

static long dup_from(struct file *f, long from, bool cloexec)
{
	long fd;

	if (from < 0 || from >= fd_limit)
		return -EINVAL;
	file_get(f);
	fd = fd_install_from(f, from, cloexec);
	if (fd < 0)
		file_put(f);
	return fd;
}

static long seals(struct file *f, long cmd, long arg)
{
	struct inode *inode = f->inode;
	long ret = 0;

	if (!inode || !inode->sealable || !inode->ops->seal)
		return -EINVAL;
	if (cmd == F_GET_SEALS)
		return inode->seals;
	if (arg & ~SEALS_ALL)
		return -EINVAL;
	if (!file_writable(f))
		return -EPERM;
	mutex_lock(&inode->lock);
	if (inode->seals & F_SEAL_SEAL)
		ret = -EPERM;
	else
		ret = inode->ops->seal(inode, (uint32_t)arg);
	mutex_unlock(&inode->lock);
	return ret;
}

static long own_lock(struct file *f, long cmd, struct flock *fl)
{
	long ret = fl ? lock_check(f, fl) : -EFAULT;

	if (cmd != F_GETLK)
		return ret;
	/* Asking needs no access of the kind asked for; what one holds is nobody's to ask for. */
	if (fl && fl->type == F_UNLCK)
		return -EINVAL;
	if (ret == -EBADF)
		ret = 0;
	if (!ret)
		fl->type = F_UNLCK;
	return ret;
}

static long ofd_lock(struct file *f, long cmd, struct flock *fl)
{
	if (!fl)
		return -EFAULT;
	if (fl->pid)
		return -EINVAL;
	if (cmd == F_OFD_GETLK)
		return lock_test(f, fl);
	return lock_set(f, fl, cmd == F_OFD_SETLKW);
}

static long file_fcntl(struct file *f, long cmd, union call_arg arg)
{
	switch (cmd) {
	case F_GETFL:
		return f->flags | O_LARGEFILE;
	case F_SETFL:
		f->flags = (f->flags & ~SETFL_MASK) | (arg.value & SETFL_MASK);
		return 0;
	case F_GETLK:
	case F_SETLK:
	case F_SETLKW:
		return own_lock(f, cmd, arg.object);
	case F_OFD_GETLK:
	case F_OFD_SETLK:
	case F_OFD_SETLKW:
		return ofd_lock(f, cmd, arg.object);
	case F_SETOWN:
	case F_GETOWN:
	case F_SETSIG:
	case F_GETSIG:
	case F_SETOWN_EX:
	case F_GETOWN_EX:
		return owner_fcntl(f, cmd, arg);
	case F_SETPIPE_SZ:
	case F_GETPIPE_SZ:
		return f->ops->fcntl ? f->ops->fcntl(f, cmd, arg) : -EBADF;
	case F_ADD_SEALS:
	case F_GET_SEALS:
		return seals(f, cmd, arg.value);
	default:
		return -EINVAL;
	}
}

long sys_fcntl(int fd, int cmd, unsigned long arg)
{
	struct file *f = fd_get(fd);
	long ret;

	if (!f)
		return -EBADF;
	if (cmd == F_DUPFD || cmd == F_DUPFD_CLOEXEC)
		ret = dup_from(f, (int)arg, cmd == F_DUPFD_CLOEXEC);
	else if (cmd == F_GETFD)
		ret = fd_get_cloexec(fd) > 0 ? FD_CLOEXEC : 0;
	else if (cmd == F_SETFD)
		ret = fd_set_cloexec(fd, arg & FD_CLOEXEC);
	else if (f->flags & O_PATH && cmd != F_GETFL)
		ret = -EBADF;
	else
		ret = file_fcntl(f, cmd, (union call_arg){ .value = arg });
	file_put(f);
	return ret;
}
