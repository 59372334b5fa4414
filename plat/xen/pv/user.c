/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Programs in user mode (core/user.h). For Xen both modes of a 64-bit PV domain run with privilege 3; it keeps which one is on, and takes the
 * syscall instruction for a hypercall in the kernel's. User mode has a page table of its own, which here is the same.
 */
#include <core/log.h>
#include <core/user.h>

#include "pv.h"

void pv_user_init(void)
{
	struct mmuext_op op = { .cmd = MMUEXT_NEW_USER_BASEPTR, .arg1 = pgtable_root_frame() };
	long ret = xen_hypercall(HYPERCALL_MMUEXT_OP, (uintptr_t)&op, 1, 0, DOMID_SELF, 0);

	if (ret)
		panic("Xen refuses the page table of user mode: errno %ld", -ret);
}

void pv_user_stack(uintptr_t top)
{
	xen_hypercall3(HYPERCALL_STACK_SWITCH, KERNEL_SS, top, 0);
}

/* Returns with events masked; the way back to the program unmasks them. */
void pv_user_return(struct regs *r __unused)
{
	do {
		unmask_events();
		user_before_return();
		mask_events();
	} while (user_must_stay());
}

/* Xen calls with events as the program had them: on. */
void pv_syscall(struct regs *r)
{
	user_call();
	pv_user_return(r);
}
