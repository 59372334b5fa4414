/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/string.h>

#include "disk.h"

#define EXTENDED (1u << 28)
#define DISKS_MAX 702 /* xvda to xvdzz */

static bool disk_index(unsigned number, unsigned *index)
{
	unsigned major = number >> 8, minor = number & 0xff;

	if (number & EXTENDED) {
		*index = (number & ~EXTENDED) >> 8;
		return true;
	}
	switch (major) {
	case 3: /* hda, hdb */
		*index = minor / 64;
		return minor / 64 < 2;
	case 22: /* hdc, hdd */
		*index = 2 + minor / 64;
		return minor / 64 < 2;
	case 8: /* sda ... */
	case 202: /* xvda ... */
		*index = minor / 16;
		return true;
	default:
		return false;
	}
}

bool disk_name(unsigned number, char *name, size_t size)
{
	unsigned index;

	if (!disk_index(number, &index) || index >= DISKS_MAX)
		return false;
	if (index < 26)
		snprintf(name, size, "xvd%c", 'a' + index);
	else
		snprintf(name, size, "xvd%c%c", 'a' + index / 26 - 1, 'a' + index % 26);
	return true;
}
