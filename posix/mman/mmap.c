/* SPDX-License-Identifier: BSD-3-Clause */
#include <posix/calls.h>

#include <core/errno.h>
#include <core/vfs.h>
#include <core/vmem.h>
#include <posix/fd.h>

#include "internal.h"

#define MAP_SHARED 0x01
#define MAP_PRIVATE 0x02
#define MAP_SHARED_VALIDATE 0x03
#define MAP_TYPE 0x0f
#define MAP_FIXED 0x10
#define MAP_ANONYMOUS 0x20
#define MAP_32BIT 0x40
#define MAP_LOCKED 0x2000
#define MAP_POPULATE 0x8000
#define MAP_STACK 0x20000
#define MAP_SYNC 0x80000
#define MAP_FIXED_NOREPLACE 0x100000

#define MREMAP_MAYMOVE 1
#define MREMAP_FIXED 2

#define BELOW_32BIT (1ul << 31) /* what MAP_32BIT means by that */

_Static_assert(VMEM_READ == 1 && VMEM_WRITE == 2 && VMEM_EXEC == 4, "PROT_* pass through");

#define PROT_ALL (VMEM_READ | VMEM_WRITE | VMEM_EXEC)

/* The CPU cannot write or execute what it cannot read. Bits that mean nothing are no error for mmap(2). */
static unsigned protection(long prot)
{
	return (prot & (VMEM_WRITE | VMEM_EXEC) ? prot | VMEM_READ : prot) & PROT_ALL;
}

/* What is mapped of it must never write to the file. */
static bool is_read_only(const struct file *f)
{
	return !file_writable(f) || (f->inode && f->inode->seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE));
}

static int attach_file(struct vmem_map_args *args, int fd, bool shared, long prot, uint64_t offset)
{
	struct file *f = fd_get(fd);

	if (!f)
		return -EBADF;
	int ret = file_mmap(f, offset, args->size, shared, prot & VMEM_WRITE, &args->pager, &args->object);

	args->offset = offset;
	args->read_only = shared && is_read_only(f);
	args->name = "file";
	file_put(f);
	return ret;
}

static long check(size_t size, long flags, long offset)
{
	long type = flags & MAP_TYPE;

	if (!size || offset & ~PAGE_MASK)
		return -EINVAL;
	if (type != MAP_SHARED && type != MAP_PRIVATE && (type != MAP_SHARED_VALIDATE || flags & MAP_ANONYMOUS))
		return -EINVAL;
	if (type == MAP_SHARED_VALIDATE && flags & MAP_SYNC)
		return -EOPNOTSUPP;
	return is_endless(size) ? -ENOMEM : 0;
}

long sys_mmap(uintptr_t addr, size_t size, int prot, int flags, int fd, int64_t offset)
{
	struct vmem_map_args args = {
		.addr = addr,
		.size = ALIGN_UP(size, PAGE_SIZE),
		.prot = protection(prot),
		.fixed = flags & (MAP_FIXED | MAP_FIXED_NOREPLACE),
		.no_replace = flags & MAP_FIXED_NOREPLACE,
		.below = flags & MAP_32BIT ? BELOW_32BIT : 0,
		.name = "anonymous",
	};
	struct growth g = { .size = args.size, .data = prot & VMEM_WRITE && flags & MAP_ANONYMOUS, .place = addr };
	long ret = check(size, flags, offset);

	if (args.fixed && !args.no_replace && addr + args.size > addr)
		g.replaced = args.size;
	if (!ret && !growth_allowed(&g))
		ret = -ENOMEM;
	if (!ret && flags & MAP_ANONYMOUS && (flags & MAP_TYPE) != MAP_PRIVATE)
		ret = share_memory(&args);
	else if (!ret && !(flags & MAP_ANONYMOUS))
		ret = attach_file(&args, fd, (flags & MAP_TYPE) != MAP_PRIVATE, prot, offset);
	if (ret)
		return ret;
	own_by_program(&args);
	ret = vmem_map(&args);
	if (ret < 0) {
		if (args.pager)
			args.pager->unref(args.object);
		return ret;
	}
	if (flags & (MAP_POPULATE | MAP_LOCKED) && prot)
		vmem_populate(ret, args.size); /* as in Linux, a shortage shows at the touch */
	if (flags & MAP_STACK && prot & VMEM_WRITE && vmem_back_stack(ret, args.size)) {
		vmem_unmap(ret, args.size);
		return -ENOMEM;
	}
	return ret;
}

long sys_munmap(uintptr_t addr, size_t size)
{
	return vmem_unmap(addr, ALIGN_UP(size, PAGE_SIZE));
}

long sys_mprotect(uintptr_t addr, size_t size, int prot)
{
	if (prot & ~PROT_ALL)
		return -EINVAL;
	if (is_endless(size))
		return -ENOMEM;
	if (prot & VMEM_WRITE && !writing_allowed(addr, ALIGN_UP(size, PAGE_SIZE)))
		return -ENOMEM;
	return vmem_protect(addr, ALIGN_UP(size, PAGE_SIZE), protection(prot));
}

/* May the mapping at @addr grow by @more bytes, when [to, to + replaced) goes? */
static bool may_grow(uintptr_t addr, size_t more, uintptr_t to, size_t replaced)
{
	struct growth g = { .size = more, .place = to, .replaced = to + replaced > to ? replaced : 0 };
	struct vmem_region r;

	if (vmem_region_at(addr, &r))
		g.data = r.prot & VMEM_WRITE && !r.paged;
	return growth_allowed(&g);
}

long sys_mremap(uintptr_t addr, size_t old_size, size_t new_size, int flags, uintptr_t new_addr)
{
	size_t before = ALIGN_UP(old_size, PAGE_SIZE), after = ALIGN_UP(new_size, PAGE_SIZE);

	if (flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED) || !new_size || is_endless(old_size) || is_endless(new_size) ||
	    (flags & MREMAP_FIXED && !(flags & MREMAP_MAYMOVE)))
		return -EINVAL;
	if (after > before && !may_grow(addr, after - before, new_addr, flags & MREMAP_FIXED ? after : 0))
		return -ENOMEM;
	if (flags & MREMAP_FIXED)
		return vmem_remap_to(addr, before, after, new_addr);
	return vmem_remap(addr, before, after, flags & MREMAP_MAYMOVE);
}
