/* SPDX-License-Identifier: BSD-3-Clause */
ENTRY(xen_pv_entry)
#include "../common/sections.lds.inc"
