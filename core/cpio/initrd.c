/* SPDX-License-Identifier: BSD-3-Clause */
/* The initial ramdisk: unpacked into the root directory if it is a cpio archive. */
#include <core/cpio.h>
#include <core/errno.h>
#include <core/init.h>
#include <core/log.h>
#include <core/string.h>
#include <plat/plat.h>

#define BAD_RAMDISK 2 /* exit status */

static int initrd_init(void)
{
	const void *start;
	size_t size, offset;
	int ret;

	if (!plat_initrd(&start, &size))
		return 0;
	/* A toolstack may insist on one, whatever is in it. Xen 4.17's inflates what gzip made, 4.20's leaves that to the kernel. */
	if (size < sizeof("07070") - 1 || memcmp(start, "07070", sizeof("07070") - 1)) {
		pr_err("initial ramdisk: not a cpio archive (compressed?), left alone");
		return 0;
	}
	ret = cpio_unpack(start, size, "/", &offset);
	if (ret) {
		pr_err("initial ramdisk: %s at byte %zu of %zu: errno %d",
		       ret == -EINVAL ? "damaged or cut off" : "not unpacked", offset, size, -ret);
		plat_shutdown(BAD_RAMDISK);
	}
	return 0;
}

INITCALL(INIT_FILES, initrd_init);
