/* SPDX-License-Identifier: BSD-3-Clause */
/* core/boot without a command line. */
#include <core/boot.h>

const char *boot_argument(const char *name __unused)
{
	return NULL;
}
