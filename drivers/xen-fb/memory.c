/* SPDX-License-Identifier: BSD-3-Clause */
/* The pixels' memory: contiguous here, a list of frames for the back end. */
#include <core/alloc.h>
#include <core/vmem.h>
#include <plat/xen.h>

#include "fb.h"

bool fb_fits(size_t size, unsigned width, unsigned height)
{
	return width && height && width <= INT16_MAX && height <= INT16_MAX && (size_t)width * height * FB_PIXEL <= size;
}

static void *reserve(size_t size)
{
	long va = vmem_map(&(struct vmem_map_args){ .size = size, .prot = VMEM_READ | VMEM_WRITE, .name = "framebuffer" });

	if (va < 0 && va >= -4095)
		return NULL;
	if (!vmem_populate(va, size))
		return (void *)va;
	vmem_unmap(va, size);
	return NULL;
}

/* The frames of [@pixels, @pixels + @size) into pages of their own, which the directory lists. */
static bool list_frames(struct fb_page *page, const char *pixels, size_t size)
{
	uint64_t *list = NULL;
	paddr_t pa;

	for (size_t i = 0; i < size / PAGE_SIZE; i++) {
		if (i % FRAMES_PER_PAGE == 0) {
			list = page_alloc_zero();
			if (!list)
				return false;
			page->directory[i / FRAMES_PER_PAGE] = xen_frame_of(list);
		}
		if (vmem_translate(pixels + i * PAGE_SIZE, true, &pa))
			return false;
		list[i % FRAMES_PER_PAGE] = xen_frame_of(phys_to_virt(pa & PAGE_MASK));
	}
	return true;
}

void *fb_memory_new(struct fb_page *page, size_t *size, size_t least)
{
	void *pixels;

	/* Pages for the lists are left. */
	while (!(pixels = reserve(*size)) && *size > least)
		*size = MAX(ALIGN_DOWN(*size / 4 * 3, PAGE_SIZE), least);
	if (!pixels || list_frames(page, pixels, *size))
		return pixels;
	/* The lists stay: this ends the framebuffer's only start, in a domain without a page left. */
	vmem_unmap((uintptr_t)pixels, *size);
	return NULL;
}
