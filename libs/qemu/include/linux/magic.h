/* SPDX-License-Identifier: BSD-3-Clause */
/* File-system types that statfs(2) tells apart. */
#ifndef UK_LINUX_MAGIC_H
#define UK_LINUX_MAGIC_H

#define HUGETLBFS_MAGIC 0x958458f6
#define NFS_SUPER_MAGIC 0x6969
#define TMPFS_MAGIC 0x01021994

#endif
