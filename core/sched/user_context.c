/* SPDX-License-Identifier: BSD-3-Clause */
/* The program's registers in a signal's frame, and back: the program may have changed them, so nothing there is believed. */
#include <core/user.h>

#include <arch/fpu.h>
#include <core/string.h>

#define RFLAGS_PROGRAM 0x40cd5ul /* what a program may set: conditions, direction, alignment check */
#define MXCSR_MASK 0xffffu
#define MXCSR_OFFSET 24
#define HEADER_OFFSET 512
#define HEADER_WORDS 8
#define LEGACY_SIZE 512

size_t user_state_size(void)
{
	return fpu_size() + sizeof(uint32_t);
}

static void save_registers(struct sigcontext *c, const struct regs *r)
{
	*c = (struct sigcontext){
		.r8 = r->r8,
		.r9 = r->r9,
		.r10 = r->r10,
		.r11 = r->r11,
		.r12 = r->r12,
		.r13 = r->r13,
		.r14 = r->r14,
		.r15 = r->r15,
		.rdi = r->rdi,
		.rsi = r->rsi,
		.rbp = r->rbp,
		.rbx = r->rbx,
		.rdx = r->rdx,
		.rax = r->rax,
		.rcx = r->rcx,
		.rsp = r->rsp,
		.rip = r->rip,
		.rflags = r->rflags,
		.cs = r->cs,
		.ss = r->ss,
		.error = r->error,
		.vector = r->vector,
		.fault_address = r->fault_address,
	};
}

static void save_state(char *state, const struct user *u)
{
	const uint32_t end = FP_XSTATE_MAGIC2;
	struct fp_software about = { .magic = FP_XSTATE_MAGIC1, .extended_size = user_state_size(), .state_size = fpu_size() };

	about.features = fpu_states();
	if (u->state_saved)
		memcpy(state, u->state, fpu_size());
	else
		fpu_save(state);
	if (fpu_size() == LEGACY_SIZE)
		return;
	memcpy(state + FP_SOFTWARE_OFFSET, &about, sizeof(about));
	memcpy(state + fpu_size(), &end, sizeof(end));
}

void user_save_context(struct ucontext *uc, uintptr_t state)
{
	const struct user *u = thread_self()->user;

	save_registers(&uc->context, u->regs);
	save_state((char *)state, u);
	uc->context.state = state;
	uc->flags = UC_SIGCONTEXT_SS | UC_STRICT_RESTORE_SS | (fpu_size() > LEGACY_SIZE ? UC_FP_XSTATE : 0);
}

static void load_registers(struct regs *r, const struct sigcontext *c)
{
	r->r8 = c->r8;
	r->r9 = c->r9;
	r->r10 = c->r10;
	r->r11 = c->r11;
	r->r12 = c->r12;
	r->r13 = c->r13;
	r->r14 = c->r14;
	r->r15 = c->r15;
	r->rdi = c->rdi;
	r->rsi = c->rsi;
	r->rbp = c->rbp;
	r->rbx = c->rbx;
	r->rdx = c->rdx;
	r->rax = c->rax;
	r->rcx = c->rcx;
	r->rsp = c->rsp;
	r->rip = c->rip;
	r->rflags = (c->rflags & RFLAGS_PROGRAM) | USER_FLAGS;
}

/* The processor refuses unknown components, reserved bits of MXCSR and a header that is not clear. */
static void load_state(char *to, const char *from)
{
	uint64_t header[HEADER_WORDS] = { FPU_LEGACY_STATES };
	struct fp_software about;
	uint32_t mxcsr;

	memcpy(&about, from + FP_SOFTWARE_OFFSET, sizeof(about));
	memcpy(&mxcsr, from + MXCSR_OFFSET, sizeof(mxcsr));
	mxcsr &= MXCSR_MASK;
	memcpy(to, from, LEGACY_SIZE);
	memcpy(to + MXCSR_OFFSET, &mxcsr, sizeof(mxcsr));
	if (fpu_size() == LEGACY_SIZE)
		return;
	if (about.magic == FP_XSTATE_MAGIC1 && about.state_size == fpu_size()) {
		memcpy(to + HEADER_OFFSET, from + HEADER_OFFSET, fpu_size() - HEADER_OFFSET);
		memcpy(header, to + HEADER_OFFSET, sizeof(header[0]));
		header[0] &= fpu_states();
	}
	memcpy(to + HEADER_OFFSET, header, sizeof(header));
}

bool user_load_context(const struct ucontext *uc)
{
	struct user *u = thread_self()->user;

	if (uc->context.rip >= USER_END)
		return false;
	load_registers(u->regs, &uc->context);
	u->regs->vector = 0; /* the fast way back would lose rcx and r11 */
	if (uc->context.state) {
		load_state(u->state, (const char *)uc->context.state);
		u->state_saved = true;
	}
	return true;
}
