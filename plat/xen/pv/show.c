/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * For the toolstack, which finds this domain's memory so when it saves the domain or a dump of it: a page that lists pages that list the pages of
 * the list of machine frames. Without memory for them there is neither, and no harm.
 */
#include <core/alloc.h>
#include <plat/layout.h>

#include "pv.h"

#define PER_PAGE (PAGE_SIZE / sizeof(uint64_t))
/* A list is for 1 GiB of this domain. */
#define LISTS_MAX 64u

static uint64_t *top, *lists[LISTS_MAX];

static uint64_t count_of(uint64_t pages)
{
	return DIV_ROUND_UP(pages, PER_PAGE);
}

static bool make_lists(uint64_t count)
{
	if (count > LISTS_MAX)
		return false;
	if (!top)
		top = page_alloc_zero();
	for (uint64_t i = 0; top && i < count; i++) {
		if (!lists[i])
			lists[i] = page_alloc_zero();
		if (!lists[i])
			return false;
	}
	return top;
}

void show_memory(const struct start_info *info)
{
	uint64_t pages = count_of(info->nr_pages);

	if (!make_lists(count_of(pages)))
		return;
	for (uint64_t i = 0; i < pages; i++)
		lists[i / PER_PAGE][i % PER_PAGE] = pfn_to_mfn((info->mfn_list >> PAGE_SHIFT) + i);
	for (uint64_t i = 0; i < count_of(pages); i++)
		top[i] = pv_frame_of(lists[i]);
	shared_info.max_pfn = info->nr_pages;
	shared_info.p2m_list_list = pv_frame_of(top);
}
