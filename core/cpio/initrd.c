/* SPDX-License-Identifier: BSD-3-Clause */
/* The initial ramdisk: unpacked into the root directory if it is a cpio archive. */
#include <core/cpio.h>
#include <core/init.h>
#include <core/log.h>
#include <plat/plat.h>

static int initrd_unpack(void)
{
	const void *start;
	size_t size, offset;
	int ret;

	if (!plat_initrd(&start, &size))
		return 0;
	ret = cpio_unpack(start, size, "/", &offset);
	if (ret)
		pr_err("initial ramdisk: errno %d at byte %zu of %zu", -ret, offset, size);
	return ret;
}

INITCALL(3, initrd_unpack);
