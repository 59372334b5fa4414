/* SPDX-License-Identifier: BSD-3-Clause */
/* Extended state, TLS base, random numbers, as Xen lets a PV domain have them. */
#include <arch/cpu.h>
#include <arch/fpu.h>

#include "pv.h"

#define MXCSR_DEFAULT 0x1f80 /* exceptions masked, rounding to nearest */

static bool has_fsgsbase;

/* The instruction alone may not trap; with the prefix, Xen answers what this domain may use. */
static struct cpuid xen_cpuid(uint32_t leaf, uint32_t subleaf)
{
	struct cpuid r;

	__asm__ volatile("ud2a; .ascii \"xen\"; cpuid"
	                 : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx)
	                 : "a"(leaf), "c"(subleaf));
	return r;
}

void cpu_init(void)
{
	uint32_t features = xen_cpuid(1, 0).ecx;
	bool fsgsbase = xen_cpuid(0, 0).eax >= 7 && xen_cpuid(7, 0).ebx & CPUID7_EBX_FSGSBASE;
	uint32_t mxcsr = MXCSR_DEFAULT;
	uint64_t cr4;

	/* Xen does not promise a state: from 4.20 on the x87 starts with single precision. */
	__asm__ volatile("fninit; ldmxcsr %0" : : "m"(mxcsr));
	/* Xen emulates both moves. */
	__asm__ volatile("mov %%cr4, %0" : "=r"(cr4));
	if (features & CPUID1_ECX_XSAVE)
		cr4 |= CR4_OSXSAVE;
	if (fsgsbase)
		cr4 |= CR4_FSGSBASE;
	__asm__ volatile("mov %0, %%cr4" : : "r"(cr4));
	__asm__ volatile("mov %%cr4, %0" : "=r"(cr4));
	has_fsgsbase = cr4 & CR4_FSGSBASE;
	if (!(features & CPUID1_ECX_XSAVE) || !(cr4 & CR4_OSXSAVE)) {
		fpu_init(false, 0);
		return;
	}
	/* All user state but MPX and protection keys, which nobody here uses. */
	__asm__ volatile("xsetbv" : : "c"(0), "a"(xen_cpuid(0xd, 0).eax & 0xff & ~0x18u), "d"(0));
	fpu_init(true, xen_cpuid(0xd, 0).ebx);
}

void pv_thread_switch(uintptr_t tls_base)
{
	if (has_fsgsbase)
		__asm__ volatile("wrfsbase %0" : : "r"(tls_base));
	else
		xen_hypercall3(HYPERCALL_SET_SEGMENT_BASE, SEGBASE_FS, tls_base, 0);
}

bool pv_random(uint64_t *out)
{
	if (!(xen_cpuid(1, 0).ecx & CPUID1_ECX_RDRAND))
		return false;
	for (int i = 0; i < 10; i++) {
		bool ok;

		__asm__ volatile("rdrand %0; setc %1" : "=r"(*out), "=qm"(ok));
		if (ok)
			return true;
	}
	return false;
}
