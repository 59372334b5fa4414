/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What Xen (public/xen.h, struct vcpu_time_info) and KVM (Linux, Documentation/virt/kvm/x86/msr.rst) tell of the time:
 * ns = system_time + ((tsc - tsc_timestamp) << tsc_shift) * tsc_to_system_mul / 2^32, a negative shift being one to the right.
 */
#ifndef PLAT_PVCLOCK_H
#define PLAT_PVCLOCK_H

#include <stdint.h>

struct pvclock {
	uint32_t version; /* odd while it is written */
	uint32_t pad0;
	uint64_t tsc_timestamp, system_time;
	uint32_t tsc_to_system_mul;
	int8_t tsc_shift;
	uint8_t flags, pad1[2];
};

_Static_assert(sizeof(struct pvclock) == 32, "the hypervisors' layout");

#endif
