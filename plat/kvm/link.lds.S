/* SPDX-License-Identifier: BSD-3-Clause */
ENTRY(pvh_entry)
#include "../common/sections.lds.inc"
