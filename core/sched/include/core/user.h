/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads that run a program in user mode (CONFIG_CORE_USER).
 *
 * Such a thread has a stack of the kernel's beside the program's. Whatever brings it into the kernel - the syscall instruction, an interrupt, a
 * fault - begins at that stack's end with a struct regs, the program's registers; the program's own stack, and the 128 bytes below its pointer
 * that the ABI lets it use, stay as they are. Kernel code uses neither the extended state nor FS, so both stay the program's until another
 * thread runs. There is one address space: the page table keeps the program off the image, not the kernel off the program.
 *
 * While such a thread is in the kernel its signals are held (struct thread); they are delivered on the way out, by changing the registers.
 */
#ifndef CORE_USER_H
#define CORE_USER_H

#include <abi/arch/ucontext.h>
#include <arch/regs.h>
#include <core/thread.h>
#include <core/trap.h>

#define USER_END (1ul << 47) /* no instruction of a program's is at or above this */
#define USER_RED_ZONE 128 /* bytes below the stack pointer that are the program's (System V ABI) */
#define USER_FLAGS 0x202ul /* interrupts on, as every program has them */
#define USER_FLAG_DIRECTION 0x400ul

/* What a system call that a signal ended wants once it is known whether a handler runs. */
enum user_restart {
	USER_RESTART_NONE,
	USER_RESTART_HANDLED, /* again, unless a handler runs */
	USER_RESTART_FLAGGED, /* again, unless a handler without SA_RESTART runs */
};

struct user {
	struct regs *regs; /* the program's, while the thread is in the kernel: at the end of its stack there */
	uintptr_t stack_top; /* of that stack */
	bool state_saved; /* the program's extended state is in @state, and no longer in the processor */
	enum user_restart restart;
	long number; /* of the call that @restart is about */
	void *state; /* FPU_ALIGN aligned, fpu_size() bytes */
	struct regs start; /* what a new thread begins with */
};

/* --- for the POSIX layer: thread context ------------------------------------------------------------------------------------------ */

/* Bytes of a struct user, and one in such cleared memory: its extended state is a new program's, or that of @like, the running thread's. */
size_t user_size(void);
void user_init(struct user *u, const struct user *like);

/*
 * The running thread becomes @u's, which it owns from here on: it goes to user mode with @regs, of which the selectors do not count, and comes
 * into the kernel on the stack that ends at @stack_top, 16-byte aligned, which may be the running one.
 */
_Noreturn void user_start(struct user *u, const struct regs *regs, uintptr_t stack_top);

/* The arguments of the running thread's call, as the ABI has them in registers. */
static inline void user_arguments(const struct user *u, long args[6])
{
	const struct regs *r = u->regs;

	args[0] = r->rdi;
	args[1] = r->rsi;
	args[2] = r->rdx;
	args[3] = r->r10;
	args[4] = r->r8;
	args[5] = r->r9;
}

/* Back to the syscall instruction, which makes call @number once more. */
static inline void user_call_again(struct user *u)
{
	u->restart = USER_RESTART_NONE;
	u->regs->rip -= 2; /* the instruction's length */
	u->regs->rax = u->number;
}

/* Go on in fn(args[0], args[1], args[2]) on the stack @sp, where its return address is. */
static inline void user_set_function(struct user *u, uintptr_t fn, uintptr_t sp, const uintptr_t args[3])
{
	struct regs *r = u->regs;

	r->rip = fn < USER_END ? fn : 0;
	r->rsp = sp;
	r->rdi = args[0];
	r->rsi = args[1];
	r->rdx = args[2];
	r->rax = 0;
	r->rflags &= ~USER_FLAG_DIRECTION;
}

/* Out of whatever the running thread does in the kernel, with nothing held, back to the program. */
_Noreturn void user_resume(void);

/* The registers to and from a signal's frame in the program's memory, and the extended state to and from @state, where the frame has it. */
void user_save_context(struct ucontext *uc, uintptr_t state);
/* False if the registers cannot be a program's. Without an extended state in it, that stays as it is. */
bool user_load_context(const struct ucontext *uc);
/* Bytes of the extended state in a frame. */
size_t user_state_size(void);

/* A program's bad pointer was found in the middle of a call: the running thread's call ends with -EFAULT. */
_Noreturn void user_fault(void);

/* The hooks of the POSIX layer, set at boot: the syscall instruction, and signals that wait. */
extern void (*user_call_hook)(struct user *u);
extern void (*user_signal_hook)(void);

/* --- for the platforms ------------------------------------------------------------------------------------------------------------ */

/* The syscall instruction; on the thread's kernel stack, interrupts on. */
void user_call(void);
/* Before the return to the program: deliver what waits. Interrupts on. */
void user_before_return(void);
/* After that, interrupts off: true if something came meanwhile, else the extended state is the program's. */
bool user_must_stay(void);

#endif
