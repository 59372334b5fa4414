/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where upstream's hw/xen/xen_pt_msi.c maps the page of a device's MSI-X table, to read the mask bits that Xen lets the guest write: from Linux'
 * /dev/mem there. Here Xen maps it, to a domain that was given the device's memory. The build gives that file these functions for open() and mmap().
 */
/* Upstream's headers are not clean by our warnings. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wsign-compare"
#include "qemu/osdep.h"
#include "hw/xen/xen_native.h"
#pragma GCC diagnostic pop

int xen_pt_open_memory(const char *path, int flags, ...);
void *xen_pt_map_memory(void *addr, size_t size, int prot, int flags, int fd, off_t offset);

/* A descriptor to close: none is needed. */
int xen_pt_open_memory(const char *path G_GNUC_UNUSED, int flags, ...)
{
	return open("/dev/null", flags);
}

void *xen_pt_map_memory(void *addr G_GNUC_UNUSED, size_t size, int prot, int flags G_GNUC_UNUSED, int fd G_GNUC_UNUSED,
                        off_t offset)
{
	size_t pages = DIV_ROUND_UP(size, XC_PAGE_SIZE);
	g_autofree xen_pfn_t *frames = g_new(xen_pfn_t, pages);
	void *p;

	for (size_t i = 0; i < pages; i++)
		frames[i] = ((xen_pfn_t)offset >> XC_PAGE_SHIFT) + i;
	p = xenforeignmemory_map(xen_fmem, DOMID_IO, prot, pages, frames, NULL);
	return p ? p : MAP_FAILED;
}
