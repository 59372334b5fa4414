/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/syscall.h>

#include <core/errno.h>
#include <core/vmem.h>

#define MADV_NORMAL 0
#define MADV_WILLNEED 3
#define MADV_DONTNEED 4
#define MADV_FREE 8
#define MADV_REMOVE 9
#define MADV_POPULATE_READ 22
#define MADV_POPULATE_WRITE 23
#define MADV_LAST 25

#define MS_ASYNC 1
#define MS_INVALIDATE 2
#define MS_SYNC 4

long uk_syscall_madvise(long addr, long size, long advice)
{
	size_t whole = ALIGN_UP((unsigned long)size, PAGE_SIZE);

	if (addr & ~PAGE_MASK)
		return -EINVAL;
	switch (advice) {
	case MADV_DONTNEED:
	case MADV_FREE:
		return vmem_discard(addr, whole);
	case MADV_POPULATE_READ:
	case MADV_POPULATE_WRITE:
		return vmem_populate(addr, whole);
	case MADV_REMOVE:
		return -EOPNOTSUPP;
	default: /* hints that change nothing here */
		return advice >= MADV_NORMAL && advice <= MADV_LAST ? 0 : -EINVAL;
	}
}

/* Mapped file pages are the file's own: there is nothing to write back. */
long uk_syscall_msync(long addr, long size, long flags)
{
	if (addr & ~PAGE_MASK || flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC) || (flags & MS_ASYNC && flags & MS_SYNC))
		return -EINVAL;
	return vmem_accessible(addr, ALIGN_UP((unsigned long)size, PAGE_SIZE), 0) ? 0 : -ENOMEM;
}

long uk_syscall_mincore(long addr, long size, long out)
{
	size_t whole = ALIGN_UP((unsigned long)size, PAGE_SIZE);

	if (addr & ~PAGE_MASK)
		return -EINVAL;
	if (!vmem_accessible(addr, whole, 0))
		return -ENOMEM;
	for (size_t i = 0; i < whole >> PAGE_SHIFT; i++)
		((uint8_t *)out)[i] = vmem_is_backed(addr + (i << PAGE_SHIFT));
	return 0;
}
