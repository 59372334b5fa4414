/* SPDX-License-Identifier: BSD-3-Clause */
/* libxenctrl since 4.19: asks Linux's pciback in the hardware domain, which no stubdomain is. */
#include <xenctrl.h>

#include "glue.h"

int xc_pcidev_get_gsi(xc_interface *xch, uint32_t sbdf)
{
	(void)xch;
	(void)sbdf;
	return xentools_enosys("xc_pcidev_get_gsi");
}
