/* SPDX-License-Identifier: BSD-3-Clause */
#include <plat/interrupt.h>

#include <arch/fpu.h>
#include <core/base.h>
#include <core/thread.h>

void interrupt_work(void)
{
	if (!sched_interrupt_begin())
		return;
	char buffer[fpu_size() + FPU_ALIGN];
	void *area = (void *)ALIGN_UP((uintptr_t)buffer, FPU_ALIGN);

	fpu_save(area);
	sched_interrupt_end();
	fpu_restore(area);
}
