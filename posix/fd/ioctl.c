/* SPDX-License-Identifier: BSD-3-Clause */
/* ioctl(2): the requests that every file understands; the rest is the file's. */
#include <abi/ioctl.h>
#include <core/vfs.h>
#include <posix/calls.h>

#include "internal.h"

static long file_ioctl(struct file *f, unsigned cmd, union call_arg arg)
{
	if (f->flags & O_PATH)
		return -EBADF;
	if (cmd == FIONBIO) {
		if (*arg.number)
			f->flags |= O_NONBLOCK;
		else
			f->flags &= ~O_NONBLOCK;
		return 0;
	}
	if (cmd == FIOASYNC && !f->inode) { /* of files that have news */
		f->flags = *arg.number ? f->flags | O_ASYNC : f->flags & ~O_ASYNC;
		return 0;
	}
	if (cmd == FIONREAD && f->inode && S_ISREG(f->inode->mode)) {
		*arg.number = (int)(f->inode->size - f->pos);
		return 0;
	}
	return f->ops->ioctl ? f->ops->ioctl(f, cmd, arg) : -ENOTTY;
}

long sys_ioctl(int fd, unsigned cmd, unsigned long arg)
{
	struct file *f;
	long ret;

	if (cmd == FIOCLEX || cmd == FIONCLEX)
		return fd_set_cloexec(fd, cmd == FIOCLEX);
	f = fd_get(fd);
	if (!f)
		return -EBADF;
	ret = file_ioctl(f, cmd, (union call_arg){ .value = arg });
	file_put(f);
	return ret;
}
