/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * KVM's paravirtual clock (Linux, Documentation/virt/kvm/x86/msr.rst, MSR_KVM_SYSTEM_TIME_NEW), of which only the scale is taken:
 * it tells the rate of the time-stamp counter, which no guest can measure on a busy host.
 */
#include <arch/cpu.h>
#include <core/alloc.h>
#include <core/base.h>
#include <plat/pvclock.h>

#include "kvm.h"

#define MSR_KVM_SYSTEM_TIME 0x4b564d01u
#define SYSTEM_TIME_ON 1ull

#define KVM_LEAF 0x40000000u
#define KVM_FEATURES_LEAF 0x40000001u
#define KVM_FEATURE_SYSTEM_TIME (1u << 3)

/* "KVMKVMKVM" in EBX, ECX and EDX of its leaf. */
#define KVM_EBX 0x4b4d564bu
#define KVM_ECX 0x564b4d56u
#define KVM_EDX 0x0000004du

static bool is_offered(void)
{
	struct cpuid leaf;

	if (!(cpuid(1, 0).ecx & CPUID1_ECX_HYPERVISOR))
		return false;
	leaf = cpuid(KVM_LEAF, 0);
	if (leaf.ebx != KVM_EBX || leaf.ecx != KVM_ECX || leaf.edx != KVM_EDX)
		return false;
	return cpuid(KVM_FEATURES_LEAF, 0).eax & KVM_FEATURE_SYSTEM_TIME;
}

static uint64_t rate(const struct pvclock *t)
{
	uint32_t mul = READ_ONCE(t->tsc_to_system_mul);
	int shift = READ_ONCE(t->tsc_shift);
	uint64_t hz = mul ? (NSEC_PER_SEC << 32) / mul : 0;

	return shift < 0 ? hz << -shift : hz >> shift;
}

uint64_t kvmclock_tsc_hz(void)
{
	struct pvclock *t;
	uint64_t hz;

	if (!is_offered())
		return 0;
	t = page_alloc_zero();
	if (!t)
		return 0;
	wrmsr(MSR_KVM_SYSTEM_TIME, virt_to_phys(t) | SYSTEM_TIME_ON);
	hz = rate(t);
	wrmsr(MSR_KVM_SYSTEM_TIME, 0);
	page_free(t, 0);
	return hz;
}
