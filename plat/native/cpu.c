/* SPDX-License-Identifier: BSD-3-Clause */
/* Control registers, extended state, TLS base, random numbers. */
#include <arch/cpu.h>
#include <arch/fpu.h>

#include "native.h"

static bool has_fsgsbase;

/* All user state but MPX (bits 3 and 4) and protection keys (bit 9), which nobody here uses. */
#define STATES_USED (0xffu & ~0x18u)
#define LEGACY_SIZE 576u /* of x87 and SSE, with XSAVE's header */

/* Leaf 0xd tells the size for what is enabled too, but Xen 4.20 tells it wrongly if the XSETBV was not intercepted (QEMU 7.2's SVM). */
static size_t state_size(uint32_t states)
{
	size_t size = LEGACY_SIZE;

	for (unsigned i = 2; i < 32; i++) {
		if (!(states & 1u << i))
			continue;
		struct cpuid c = cpuid(0xd, i);

		size = MAX(size, (size_t)c.ebx + c.eax);
	}
	return size;
}

static void extended_state_init(uint32_t features)
{
	if (!(features & CPUID1_ECX_XSAVE)) {
		fpu_init(false, 0);
		return;
	}
	uint32_t states = cpuid(0xd, 0).eax & STATES_USED;

	__asm__ volatile("xsetbv" : : "c"(0), "a"(states), "d"(0));
	fpu_init(true, state_size(states));
}

void native_cpu_init(void)
{
	uint32_t features = cpuid(1, 0).ecx;
	uint64_t cr0, cr4;

	__asm__ volatile("mov %%cr0, %0" : "=r"(cr0));
	cr0 = (cr0 & ~(CR0_EM | CR0_TS)) | CR0_MP | CR0_NE | CR0_WP;
	__asm__ volatile("mov %0, %%cr0" : : "r"(cr0));

	__asm__ volatile("mov %%cr4, %0" : "=r"(cr4));
	cr4 |= CR4_OSFXSR | CR4_OSXMMEXCPT;
	if (features & CPUID1_ECX_XSAVE)
		cr4 |= CR4_OSXSAVE;
	has_fsgsbase = cpuid(0, 0).eax >= 7 && cpuid(7, 0).ebx & CPUID7_EBX_FSGSBASE;
	if (has_fsgsbase)
		cr4 |= CR4_FSGSBASE;
	__asm__ volatile("mov %0, %%cr4" : : "r"(cr4));
	extended_state_init(features);
	__asm__ volatile("fninit");
}

void native_thread_switch(uintptr_t tls_base)
{
	if (has_fsgsbase)
		__asm__ volatile("wrfsbase %0" : : "r"(tls_base));
	else
		wrmsr(MSR_FS_BASE, tls_base);
}

bool native_random(uint64_t *out)
{
	if (!(cpuid(1, 0).ecx & CPUID1_ECX_RDRAND))
		return false;
	for (int i = 0; i < 10; i++) {
		bool ok;

		__asm__ volatile("rdrand %0; setc %1" : "=r"(*out), "=qm"(ok));
		if (ok)
			return true;
	}
	return false;
}
