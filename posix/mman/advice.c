/* SPDX-License-Identifier: BSD-3-Clause */
#include <posix/calls.h>

#include <core/errno.h>
#include <core/vmem.h>

#include "internal.h"

#define MADV_NORMAL 0
#define MADV_WILLNEED 3
#define MADV_DONTNEED 4
#define MADV_FREE 8
#define MADV_REMOVE 9
#define MADV_POPULATE_READ 22
#define MADV_POPULATE_WRITE 23
#define MADV_LAST 25

#define MCL_CURRENT 1
#define MCL_FUTURE 2
#define MCL_ONFAULT 4

#define MS_ASYNC 1
#define MS_INVALIDATE 2
#define MS_SYNC 4

long sys_madvise(uintptr_t addr, size_t size, int advice)
{
	size_t whole = ALIGN_UP(size, PAGE_SIZE);

	if (addr & ~PAGE_MASK || is_endless(size))
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
		if (advice < MADV_NORMAL || advice > MADV_LAST)
			return -EINVAL;
		return vmem_accessible(addr, whole, 0) ? 0 : -ENOMEM;
	}
}

/* Mapped file pages are the file's own: there is nothing to write back. */
long sys_msync(uintptr_t addr, size_t size, int flags)
{
	if (addr & ~PAGE_MASK || flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC) || (flags & MS_ASYNC && flags & MS_SYNC))
		return -EINVAL;
	return !is_endless(size) && vmem_accessible(addr, ALIGN_UP(size, PAGE_SIZE), 0) ? 0 : -ENOMEM;
}

long sys_mincore(uintptr_t addr, size_t size, uint8_t *out)
{
	size_t whole = ALIGN_UP(size, PAGE_SIZE);

	if (addr & ~PAGE_MASK)
		return -EINVAL;
	if (is_endless(size) || !vmem_accessible(addr, whole, 0))
		return -ENOMEM;
	for (size_t i = 0; i < whole >> PAGE_SHIFT; i++)
		(out)[i] = vmem_is_backed(addr + (i << PAGE_SHIFT));
	return 0;
}

/* Pages never leave memory once they are there, so to lock is to bring in what is not. */
long sys_mlock(uintptr_t addr, size_t size)
{
	uintptr_t start = addr & PAGE_MASK, end = ALIGN_UP(addr + size, PAGE_SIZE);

	if (end < start)
		return -EINVAL;
	if (!vmem_accessible(start, end - start, 0))
		return -ENOMEM;
	return vmem_populate(start, end - start) ? -ENOMEM : 0;
}

long sys_munlock(uintptr_t addr, size_t size)
{
	uintptr_t start = addr & PAGE_MASK, end = ALIGN_UP(addr + size, PAGE_SIZE);

	return end < start ? -EINVAL : vmem_accessible(start, end - start, 0) ? 0 : -ENOMEM;
}

/* Not all there is: programs reserve more than there is memory. */
long sys_mlockall(int flags)
{
	return flags && flags != MCL_ONFAULT && !(flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT)) ? 0 : -EINVAL;
}

long sys_munlockall(void)
{
	return 0;
}
