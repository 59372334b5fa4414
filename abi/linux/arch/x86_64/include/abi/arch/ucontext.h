/* SPDX-License-Identifier: BSD-3-Clause */
/* ucontext_t of x86-64 as a kernel makes it: the System V ABI's registers and a pointer to the extended state (sigreturn(2)). */
#ifndef ABI_ARCH_UCONTEXT_H
#define ABI_ARCH_UCONTEXT_H

#include <stdint.h>

#define UC_FP_XSTATE 1 /* the extended state goes beyond 512 bytes */
#define UC_SIGCONTEXT_SS 2
#define UC_STRICT_RESTORE_SS 4

/* In the 48 bytes of the legacy area that are software's, and behind the extended state. */
#define FP_XSTATE_MAGIC1 0x46505853u
#define FP_XSTATE_MAGIC2 0x46505845u
#define FP_SOFTWARE_OFFSET 464

struct fp_software {
	uint32_t magic, extended_size;
	uint64_t features;
	uint32_t state_size, padding[7];
};

struct sigcontext {
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
	uint64_t rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip;
	uint64_t rflags;
	uint16_t cs, gs, fs, ss;
	uint64_t error, vector, old_mask, fault_address;
	uint64_t state; /* address of the extended state */
	uint64_t reserved[8];
};

struct ucontext {
	uint64_t flags;
	uint64_t link;
	struct {
		uint64_t base;
		int32_t flags, pad;
		uint64_t size;
	} stack;
	struct sigcontext context;
	uint64_t mask;
};

_Static_assert(sizeof(struct sigcontext) == 256, "Linux's layout");
_Static_assert(sizeof(struct ucontext) == 304, "Linux's layout");
_Static_assert(sizeof(struct fp_software) == 48, "Linux's layout");

#endif
