/* SPDX-License-Identifier: BSD-3-Clause */
/* Memory that a process shares with its children (CONFIG_CORE_PROCESSES): pages of a file that never has a name. */
#include <core/errno.h>
#include <core/ramfs.h>

#include "internal.h"

int share_memory(struct vmem_map_args *args)
{
	struct inode *inode;
	struct file *f;
	int ret = ramfs_anonymous(&inode);

	if (ret)
		return -ENOMEM;
	ret = vfs_open_inode(inode, O_RDWR, &f);
	inode_put(inode);
	if (ret)
		return -ENOMEM;
	ret = inode_truncate(f->inode, (off_t)args->size);
	if (!ret)
		ret = file_mmap(f, 0, args->size, true, true, &args->pager, &args->object);
	file_put(f);
	return ret ? -ENOMEM : 0;
}
