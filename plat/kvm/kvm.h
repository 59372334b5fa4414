/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared inside plat/kvm only. */
#ifndef KVM_KVM_H
#define KVM_KVM_H

#include <core/base.h>
#include <plat/native.h>

#define VECTOR_TIMER NATIVE_VECTOR_FIRST
#define VECTOR_MSI_FIRST 0x30
#define VECTOR_MSI_LAST 0xef
#define VECTOR_SPURIOUS 0xff

void serial_init(void);

/* Needs memory, the local APIC and the ACPI tables. */
void clock_init(void);
/* Make a measured rate better. Preemption disabled. */
void clock_correct(void);
/* The rate of the time-stamp counter as KVM tells it; 0 if it does not. Needs memory. */
uint64_t kvmclock_tsc_hz(void);
void lapic_init(void);
/* Does the timer count at a rate of its own, instead of waiting for the time-stamp counter? */
bool lapic_timer_needs_rate(void);
/* Let the timer count, without interrupts, from 0 up; 32 bits. For calibrate.c. */
void lapic_timer_start_counting(void);
uint32_t lapic_timer_counted(void);
void lapic_timer_stop_counting(void);
/* Its ticks for one of the time-stamp counter, 32.32 fixed point, at most what it really has. */
void lapic_timer_calibrated(uint64_t ticks_per_tsc);
void lapic_eoi(void);

/* CPU cycles for an absolute kvm_clock_monotonic() time. */
uint64_t clock_to_tsc(uint64_t ns);

/* native_trap_init() has it. */
bool irq_note(unsigned vector);
void irq_set_handler(unsigned vector, void (*handler)(void *), void *arg);

/* Sleep state 5 by ACPI; returns if the tables do not say how. */
void acpi_init(uint64_t rsdp);
/* The I/O port of the power management timer, 24 bits at 3.579545 MHz; 0 if there is none. */
uint16_t acpi_pm_timer(void);
void acpi_power_off(void);

/* --- several files: the operations of plat/ops.h, documented in plat/plat.h as plat_<name>() --- */

void kvm_console_write(const char *buf, size_t len);
size_t kvm_console_read(char *buf, size_t len);
uint64_t kvm_clock_monotonic(void);
uint64_t kvm_clock_wall_at_boot(void);
void kvm_timer_set(uint64_t deadline);
void kvm_timer_init(void (*fn)(void));
void kvm_irq_run_pending(void);
bool kvm_irq_pending(void);
__noreturn void kvm_shutdown(int status);
__noreturn void kvm_crash(void);

#endif
