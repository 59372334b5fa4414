/* SPDX-License-Identifier: BSD-3-Clause */
ENTRY(kvm_pvh_entry)
#include "../common/sections.lds.h"
