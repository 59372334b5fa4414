/* SPDX-License-Identifier: BSD-3-Clause */
/* The table over a suspension. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/string.h>
#include <drivers/xen-grant.h>

#include "table.h"

static struct grant_entry *kept[FRAMES_MAX];
/* Of each entry in use in a kept frame, its page: frame numbers are others afterwards. */
static void **pages[FRAMES_MAX];

_Static_assert(PER_FRAME * sizeof(void *) == PAGE_SIZE, "a page holds a frame's pages");

static void drop(void)
{
	for (unsigned i = 0; i < FRAMES_MAX; i++) {
		if (kept[i])
			page_free(kept[i], 0);
		if (pages[i])
			page_free(pages[i], 0);
		kept[i] = NULL;
		pages[i] = NULL;
	}
}

static bool keep_frame(const struct grant_entry *from, unsigned i)
{
	kept[i] = page_alloc_zero();
	pages[i] = page_alloc_zero();
	if (!kept[i] || !pages[i])
		return false;
	memcpy(kept[i], from, PAGE_SIZE);
	for (unsigned n = 0; n < PER_FRAME; n++)
		if (kept[i][n].flags & GTF_PERMIT_ACCESS)
			pages[i][n] = xen_page_of(kept[i][n].frame);
	return true;
}

int table_keep(const struct grant_entry *table, unsigned frames)
{
	for (unsigned i = 0; i < frames; i++) {
		if (keep_frame(table + i * PER_FRAME, i))
			continue;
		drop();
		return -ENOMEM;
	}
	return 0;
}

static void write_frame(struct grant_entry *to, unsigned i)
{
	for (unsigned n = i ? 0 : RESERVED; n < PER_FRAME; n++) {
		struct grant_entry e = kept[i][n];

		to[n].domid = e.domid;
		to[n].frame = pages[i][n] ? xen_frame_of(pages[i][n]) : e.frame;
		barrier(); /* valid with the flags */
		WRITE_ONCE(to[n].flags, e.flags & (GTF_PERMIT_ACCESS | GTF_READONLY));
	}
}

void table_bring_back(struct grant_entry *table, unsigned frames, bool cancelled)
{
	for (unsigned i = 0; i < frames && !cancelled; i++)
		write_frame(table + i * PER_FRAME, i);
	drop();
}
