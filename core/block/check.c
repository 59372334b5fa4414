/* SPDX-License-Identifier: BSD-3-Clause */
/* What a driver read from its device, looked at before anything computes with it; and names. */
#include <core/block.h>
#include <core/log.h>
#include <core/string.h>

#include "internal.h"

#define LETTERS 26

static bool is_power_of_two(uint64_t n)
{
	return n && !(n & (n - 1));
}

bool block_check(struct block_dev *dev)
{
	unsigned sector = dev->sector_size;

	if (sector < BLOCK_SECTOR_MIN || sector > BLOCK_SECTOR_MAX || !is_power_of_two(sector)) {
		pr_err("%s: blocks of %u bytes: not a power of two from %u to %lu; left out", dev->name, sector,
		       BLOCK_SECTOR_MIN, BLOCK_SECTOR_MAX);
		return false;
	}
	if (dev->size > INT64_MAX || (dev->max_bytes && dev->max_bytes < sector)) {
		pr_err("%s: %lu bytes, at most %u in a request: left out", dev->name, dev->size, dev->max_bytes);
		return false;
	}
	dev->size = ALIGN_DOWN(dev->size, sector);
	if (!is_power_of_two(dev->physical_sector_size) || dev->physical_sector_size < sector)
		dev->physical_sector_size = sector;
	if (dev->max_discard && dev->max_discard < sector)
		dev->can_discard = false;
	dev->max_discard = ALIGN_DOWN(dev->max_discard, sector);
	return true;
}

void block_name(struct block_dev *dev, const char *prefix, unsigned index)
{
	char letters[8];
	unsigned at = sizeof(letters);

	letters[--at] = 0;
	for (unsigned left = index + 1; left; left = (left - 1) / LETTERS)
		letters[--at] = 'a' + (left - 1) % LETTERS;
	snprintf(dev->name, sizeof(dev->name), "%s%s", prefix, letters + at);
}

int block_index(const char *name, const char *prefix)
{
	size_t n = strlen(prefix);
	int index = 0;

	if (strncmp(name, prefix, n) || !name[n] || strlen(name + n) > 3)
		return -1;
	for (const char *p = name + n; *p; p++) {
		if (*p < 'a' || *p > 'z')
			return -1;
		index = index * LETTERS + *p - 'a' + 1;
	}
	return index - 1;
}
