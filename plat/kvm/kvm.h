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

void clock_init(void);
/* The rate of the time-stamp counter as KVM tells it; 0 if it does not. Needs memory. */
uint64_t kvmclock_tsc_hz(void);
void lapic_init(void);
/* Count of the LAPIC timer's input clock, for the calibration in clock.c. */
void lapic_timer_start_counting(void);
uint32_t lapic_timer_counted(void);
void lapic_timer_calibrated(uint64_t hz);
void lapic_eoi(void);

/* CPU cycles for an absolute plat_clock_monotonic() time. */
uint64_t clock_to_tsc(uint64_t ns);

void irq_set_handler(unsigned vector, void (*handler)(void *), void *arg);

/* Sleep state 5 by ACPI; returns if the tables do not say how. */
void acpi_init(uint64_t rsdp);
void acpi_power_off(void);

#endif
