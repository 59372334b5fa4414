/* SPDX-License-Identifier: BSD-3-Clause */
#include "slots.h"

#include <core/alloc.h>
#include <core/errno.h>

#define SLOTS_PER_PAGE (PAGE_SIZE / SLOT_SIZE)

int slots_alloc(struct slot *slots, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		if (i % SLOTS_PER_PAGE) {
			slots[i].data = slots[i - 1].data + SLOT_SIZE;
			continue;
		}
		slots[i].data = page_alloc_zero();
		if (slots[i].data)
			continue;
		while (i) {
			i -= SLOTS_PER_PAGE;
			page_free(slots[i].data, 0);
		}
		return -ENOMEM;
	}
	return 0;
}
