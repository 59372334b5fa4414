/* SPDX-License-Identifier: BSD-3-Clause */
/* Xen's CPUID leaves (public/arch-x86/cpuid.h). */
#include <arch/cpu.h>

#include "pvh.h"

/* They start at one of these. */
#define LEAF_FIRST 0x40000000u
#define LEAF_LAST 0x4000ff00u
#define LEAF_STEP 0x100u

#define LEAF_HVM 4
#define HVM_DOMID_PRESENT 0x10u /* eax: ecx is this domain's number */

uint32_t pvh_cpuid_base(void)
{
	for (uint32_t leaf = LEAF_FIRST; leaf <= LEAF_LAST; leaf += LEAF_STEP) {
		struct cpuid id = cpuid(leaf, 0);

		if (id.ebx == 0x566e6558 && id.ecx == 0x65584d4d && id.edx == 0x4d4d566e) /* "XenVMMXenVMM" */
			return leaf;
	}
	return 0;
}

bool pvh_is_self(domid_t domid)
{
	struct cpuid id = cpuid(pvh_cpuid_base() + LEAF_HVM, 0);

	return domid == DOMID_SELF || (id.eax & HVM_DOMID_PRESENT && domid == id.ecx);
}
