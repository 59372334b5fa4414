/* SPDX-License-Identifier: BSD-3-Clause */
/* Programs in user mode (core/user.h): the syscall instruction and the way back from the kernel. */
#include <arch/cpu.h>
#include <core/user.h>

#include "native.h"

/* What the instruction clears: trap, interrupt, direction, nested task, alignment check. */
#define FLAGS_CLEARED 0x44700

extern const char native_syscall_entry[];

void native_user_init(void)
{
	wrmsr(MSR_STAR, (uint64_t)(NATIVE_USER_BASE | 3) << 48 | (uint64_t)NATIVE_KERNEL_CS << 32);
	wrmsr(MSR_LSTAR, (uintptr_t)native_syscall_entry);
	wrmsr(MSR_FMASK, FLAGS_CLEARED);
	wrmsr(MSR_EFER, rdmsr(MSR_EFER) | EFER_SCE);
}

/* Returns with interrupts off, and stays so until the program has them on. */
void native_user_return(struct regs *r __unused)
{
	do {
		__asm__ volatile("sti");
		user_before_return();
		__asm__ volatile("cli");
	} while (user_must_stay());
}

void native_syscall(struct regs *r)
{
	__asm__ volatile("sti");
	user_call();
	native_user_return(r);
}
