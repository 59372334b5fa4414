/* SPDX-License-Identifier: BSD-3-Clause */
/* libxenforeignmemory: reserve addresses, then have the platform put another domain's frames there. */
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <xen/memory.h>

#include "private.h"
#include "glue.h"
#include "kernel.h"

#define PAGED_RETRY_US 100

int osdep_xenforeignmemory_open(xenforeignmemory_handle *fmem)
{
	fmem->fd = XENTOOLS_ANY_DOMAIN;
	return 0;
}

int osdep_xenforeignmemory_close(xenforeignmemory_handle *fmem)
{
	fmem->fd = -1;
	return 0;
}

int osdep_xenforeignmemory_restrict(xenforeignmemory_handle *fmem, domid_t domid)
{
	return xentools_domain_restrict(&fmem->fd, domid);
}

static void *reserve(void *addr, size_t pages, int flags)
{
	flags = (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) | MAP_PRIVATE | MAP_ANONYMOUS;
	addr = mmap(addr, pages * GLUE_PAGE_SIZE, PROT_NONE, flags, -1, 0);
	return addr == MAP_FAILED ? NULL : addr;
}

/* Xen reads pages in that the guest's pager has put aside (-ENOENT) in its own time: ask for each again until it is there. */
static void retry_paged(uint32_t dom, char *addr, bool write, size_t count, const xen_pfn_t *frames, int *err)
{
	for (size_t i = 0; i < count; i++) {
		uintptr_t page = (uintptr_t)addr + i * GLUE_PAGE_SIZE;

		while (err[i] == -ENOENT) {
			int page_err;

			usleep(PAGED_RETRY_US);
			err[i] = xen_map_foreign(page, (domid_t)dom, &frames[i], 1, false, write, &page_err);
		}
	}
}

/* Some pages failed, as @err says, or all did. */
static bool is_partial(size_t count, const int *err)
{
	for (size_t i = 0; i < count; i++)
		if (err[i])
			return true;
	return false;
}

void *osdep_xenforeignmemory_map(xenforeignmemory_handle *fmem, uint32_t dom, void *addr, int prot, int flags, size_t count,
                                 const xen_pfn_t frames[], int err[])
{
	bool write = prot & PROT_WRITE;
	int ret;

	if (xentools_domain_check(fmem->fd, dom))
		return NULL;
	addr = reserve(addr, count, flags);
	if (!addr)
		return NULL;
	for (size_t i = 0; i < count; i++)
		err[i] = 0;
	ret = xen_map_foreign((uintptr_t)addr, (domid_t)dom, frames, count, false, write, err);
	if (!ret)
		return addr;
	if (is_partial(count, err)) {
		retry_paged(dom, addr, write, count, frames, err);
		return addr;
	}
	munmap(addr, count * GLUE_PAGE_SIZE);
	errno = -ret;
	return NULL;
}

int osdep_xenforeignmemory_unmap(xenforeignmemory_handle *fmem, void *addr, size_t count)
{
	(void)fmem;
	return munmap(addr, count * GLUE_PAGE_SIZE);
}

/* @frames: backed memory for *count numbers. *count 0: asks how many there are. */
static long acquire(const xenforeignmemory_resource_handle *res, xen_pfn_t *frames, unsigned long *count)
{
	struct xen_mem_acquire_resource op = {
		.domid = res->domid,
		.type = (uint16_t)res->type,
		.id = res->id,
		.nr_frames = (uint32_t)*count,
		.frame = res->frame,
	};
	long ret;

	set_xen_guest_handle_raw(op.frame_list, frames);
	ret = xen_hypercall(__HYPERVISOR_memory_op, XENMEM_acquire_resource, (unsigned long)&op, 0, 0, 0);
	if (!*count)
		*count = op.nr_frames;
	return ret;
}

/* A PV domain gets machine frame numbers. */
static int map_frames(xenforeignmemory_resource_handle *res, const xen_pfn_t *frames)
{
	int *err = calloc(res->nr_frames, sizeof(*err));
	void *addr = err ? reserve(res->addr, res->nr_frames, res->flags) : NULL;
	int ret;

	if (!addr) {
		free(err);
		return -1;
	}
	ret = xen_map_foreign((uintptr_t)addr, res->domid, frames, res->nr_frames, true, res->prot & PROT_WRITE, err);
	free(err);
	if (ret) {
		munmap(addr, res->nr_frames * GLUE_PAGE_SIZE);
		return (int)xentools_result(ret);
	}
	res->addr = addr;
	return 0;
}

int osdep_xenforeignmemory_map_resource(xenforeignmemory_handle *fmem, xenforeignmemory_resource_handle *res)
{
	size_t size = res->nr_frames * sizeof(xen_pfn_t);
	xen_pfn_t *frames;
	long ret;

	if (xentools_domain_check(fmem->fd, res->domid))
		return -1;
	if (!res->nr_frames)
		return (int)xentools_result(res->addr ? -EINVAL : acquire(res, NULL, &res->nr_frames));
	frames = xentools_alloc_pages(size);
	if (!frames)
		return -1;
	ret = xentools_result(acquire(res, frames, &res->nr_frames));
	if (!ret)
		ret = map_frames(res, frames);
	munmap(frames, size);
	return (int)ret;
}

int osdep_xenforeignmemory_unmap_resource(xenforeignmemory_handle *fmem, xenforeignmemory_resource_handle *res)
{
	(void)fmem;
	return res ? munmap(res->addr, res->nr_frames * GLUE_PAGE_SIZE) : 0;
}
