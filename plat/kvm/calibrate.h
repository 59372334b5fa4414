/* SPDX-License-Identifier: BSD-3-Clause */
/* Where the rate of the time-stamp counter comes from. Inside plat/kvm only. */
#ifndef KVM_CALIBRATE_H
#define KVM_CALIBRATE_H

#include <core/base.h>

/*
 * The counter's rate in Hz: what the hypervisor or the processor says, else measured against ACPI's timer or the PIT, which takes a fraction
 * of a millisecond or more, as quickly as those can be read. *@exact: it was not measured. 0 if there is nothing to go by. Needs memory and the ACPI tables.
 */
uint64_t calibrate_tsc(bool *exact);

/*
 * The ticks of the local APIC's timer for one of the time-stamp counter, 32.32 fixed point: what the hypervisor says, else measured roughly and
 * rather too low. 0 if that timer, which this uses, stands still.
 */
uint64_t calibrate_lapic(void);

/*
 * Go on with the measurement, now and then, after calibrate_tsc() measured. Returns a better rate, each time at most half as uncertain as the
 * one before, or 0 if there is none yet. Any context, but one at a time.
 */
uint64_t calibrate_again(void);

#endif
