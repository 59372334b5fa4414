/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PLAT_INTERRUPT_H
#define PLAT_INTERRUPT_H

/*
 * Run the handlers of what is noted and give others the CPU, on behalf of an interrupted thread whose extended state survives. On its stack,
 * between preempt_enter_exception() and preempt_leave_exception(), interrupts on.
 */
void interrupt_work(void);

#endif
