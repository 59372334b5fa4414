/* SPDX-License-Identifier: BSD-3-Clause */
/* The kernel's headers, to be included last: they define short names, and a DOMID_SELF of the same value as Xen's. */
#ifndef XENTOOLS_KERNEL_H
#define XENTOOLS_KERNEL_H

#undef DOMID_SELF
#include <drivers/xen-privcmd.h>

#endif
