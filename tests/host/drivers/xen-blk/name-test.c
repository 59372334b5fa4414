/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Names of virtual devices, by Xen's docs/man/xen-vbd-interface: hd, sd and xvd of all ranges, partitions, and what is no disk.
 * sources: drivers/xen-blk/name.c
 */
#include <core/string.h>

#include "../../../../drivers/xen-blk/disk.h"
#include "../../host.h"

static const struct {
	unsigned number;
	const char *name; /* NULL: none */
} cases[] = {
	{ 3 << 8, "xvda" },
	{ 3 << 8 | 1, "xvda" },
	{ 3 << 8 | 63, "xvda" },
	{ 3 << 8 | 64, "xvdb" },
	{ 3 << 8 | 128, NULL },
	{ 22 << 8, "xvdc" },
	{ 22 << 8 | 65, "xvdd" },
	{ 22 << 8 | 128, NULL },
	{ 8 << 8, "xvda" },
	{ 8 << 8 | 17, "xvdb" },
	{ 8 << 8 | 255, "xvdp" },
	{ 202 << 8, "xvda" },
	{ 202 << 8 | 1, "xvda" },
	{ 202 << 8 | 4 << 4, "xvde" },
	{ 202 << 8 | 255, "xvdp" },
	{ 1 << 28 | 16 << 8, "xvdq" },
	{ 1 << 28 | 16 << 8 | 255, "xvdq" },
	{ 1 << 28 | 26 << 8, "xvdaa" },
	{ 1 << 28 | 701 << 8, "xvdzz" },
	{ 1 << 28 | 702 << 8, NULL },
	{ 0, NULL },
	{ 7 << 8, NULL },
	{ ~0u, NULL },
};

int main(void)
{
	char name[8];

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool named = disk_name(cases[i].number, name, sizeof(name));

		CHECK_EQ(named, cases[i].name != NULL);
		CHECK(!named || !strcmp(name, cases[i].name));
	}
	return 0;
}
