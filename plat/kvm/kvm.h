/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared inside plat/kvm only. */
#ifndef KVM_KVM_H
#define KVM_KVM_H

#include <arch/regs.h>
#include <core/base.h>

#define VECTOR_TIMER 0x20
#define VECTOR_MSI_FIRST 0x30
#define VECTOR_MSI_LAST 0xef
#define VECTOR_SPURIOUS 0xff

/* The start information that the loader passes (Xen public header arch-x86/hvm/start_info.h), version 1. */
struct start_info {
	uint32_t magic, version, flags, module_count;
	uint64_t modules, cmdline, rsdp, memory_map;
	uint32_t memory_map_entries, reserved;
};

#define START_INFO_MAGIC 0x336ec578u

struct start_module {
	uint64_t start, size, cmdline, reserved;
};

struct memory_entry {
	uint64_t start, size;
	uint32_t type, reserved; /* type 1: RAM */
};

void serial_init(void);

/* Copy what is needed of the loader's information, set up the allocator and the final page table. */
void memory_init(const struct start_info *info);
void pgtable_init(void);
/* Map [start, end) of physical memory into the direct map, in large pages. */
void pgtable_map_direct(uint64_t start, uint64_t end);
void pgtable_activate(void);

void cpu_init(void);
void trap_init(void);
void clock_init(void);
void lapic_init(void);
/* Count of the LAPIC timer's input clock, for the calibration in clock.c. */
void lapic_timer_start_counting(void);
uint32_t lapic_timer_counted(void);
void lapic_timer_calibrated(uint64_t hz);
void lapic_eoi(void);

/* CPU cycles for an absolute plat_clock_monotonic() time. */
uint64_t clock_to_tsc(uint64_t ns);

void irq_set_handler(unsigned vector, void (*handler)(void *), void *arg);

/* From trap_entry.S; each returns true to continue on the interrupted stack with the second function. */
bool kvm_interrupt(struct regs *r);
void kvm_interrupt_on_stack(struct regs *r);
bool kvm_exception(struct regs *r);
void kvm_exception_on_stack(struct regs *r);

/* Sleep state 5 by ACPI; returns if the tables do not say how. */
void acpi_init(uint64_t rsdp);
void acpi_power_off(void);

#endif
