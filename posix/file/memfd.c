/* SPDX-License-Identifier: BSD-3-Clause */
/* memfd_create(2): a file of the memory file system that never had a name. */
#include <core/ramfs.h>
#include <core/string.h>
#include <posix/calls.h>

#include "internal.h"

#define MFD_NAME_MAX 249

long sys_memfd_create(const char *name, unsigned flags)
{
	struct inode *inode;
	struct file *f;
	int ret;

	if (flags & ~(MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL | MFD_EXEC))
		return -EINVAL;
	if (!name)
		return -EFAULT;
	if (strnlen(name, MFD_NAME_MAX + 1) > MFD_NAME_MAX)
		return -EINVAL;
	ret = ramfs_anonymous(&inode);
	if (ret)
		return ret;
	inode->sealable = true;
	inode->seals = flags & MFD_ALLOW_SEALING ? 0 : F_SEAL_SEAL;
	ret = vfs_open_inode(inode, O_RDWR, &f);
	inode_put(inode);
	return ret ? ret : fd_install(f, flags & MFD_CLOEXEC);
}
