/* SPDX-License-Identifier: BSD-3-Clause */
#include "xen.h"

long xen_hypercall3(unsigned nr, unsigned long a1, unsigned long a2, unsigned long a3)
{
	return xen_hypercall(nr, a1, a2, a3, 0, 0);
}
