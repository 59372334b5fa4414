/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CORE_COPYMAP_H
#define CORE_COPYMAP_H

#include <core/vfs.h>

/*
 * file_ops.mmap for file systems whose data somebody else has: a page fault cannot wait for them, so what is mapped is read at once, into a file of
 * memory that goes with the mapping. It does not change with the file. Private mappings only: -ENODEV for shared ones. Or what the read gave.
 */
int copymap_mmap(struct file *f, uint64_t offset, size_t size, bool shared, bool writable, const struct vmem_pager **pager,
                 void **object);

#endif
