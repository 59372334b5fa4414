/* SPDX-License-Identifier: BSD-3-Clause */
/* The barrier between what we write for the device and what we read of it then. Included by queue.c only. */
#ifndef VIRTIO_BARRIER_H
#define VIRTIO_BARRIER_H

#include <arch/cpu.h>
#include <arch/io.h>
#include <core/base.h>

/* "TCGTCGTCGTCG" in EBX, ECX and EDX of its leaf. */
#define TCG_LEAF 0x40000000u
#define TCG_EBX 0x54474354u
#define TCG_ECX 0x43544743u
#define TCG_EDX 0x47435447u

#define PORT_OF_NO_DEVICE 0x80

static inline bool is_emulated_processor(void)
{
	if (!(cpuid(1, 0).ecx & CPUID1_ECX_HYPERVISOR))
		return false;
	struct cpuid leaf = cpuid(TCG_LEAF, 0);

	return leaf.ebx == TCG_EBX && leaf.ecx == TCG_ECX && leaf.edx == TCG_EDX;
}

/*
 * All reads behind this see what the device wrote before it saw our writes in front of it. QEMU before 8.1 makes nothing of a fence when it
 * emulates a machine with one processor, although the devices run in another thread of the host: a notification could be missed, and a disk
 * stand still for ever. An access to a port takes QEMU's big lock, which is a fence of the host's.
 */
static inline void virtio_barrier(void)
{
	static enum { UNKNOWN, TCG, OTHER } processor;

	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (unlikely(processor == UNKNOWN))
		processor = is_emulated_processor() ? TCG : OTHER;
	if (processor == TCG)
		(void)inb(PORT_OF_NO_DEVICE);
}

#endif
