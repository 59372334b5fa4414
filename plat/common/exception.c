/* SPDX-License-Identifier: BSD-3-Clause */
#include <plat/exception.h>
#include <plat/user_stack.h>

#include <arch/fpu.h>
#include <arch/stack_limit.h>
#include <core/backtrace.h>
#include <core/fault.h>
#include <core/guarded_stack.h>
#include <core/kthread.h>
#include <core/log.h>
#include <core/thread.h>
#include <core/trap.h>
#include <core/vmem.h>
#include <plat/plat.h>

#define EXCEPTION_DIVIDE 0
#define EXCEPTION_DEBUG 1
#define EXCEPTION_BREAKPOINT 3
#define EXCEPTION_INVALID_OPCODE 6
#define EXCEPTION_FPU 16
#define EXCEPTION_SIMD 19

/* What a handler needs besides the frame and the extended state: the calls on the way to it, and its context. */
#define HANDLER_ROOM 2048u

#define PF_WRITE 2u
#define PF_FETCH 16u

bool (*trap_signal_hook)(struct trap_info *info);
uintptr_t (*trap_stack_hook)(enum trap_kind kind, uintptr_t sp, size_t need);

static bool in_exception;

static const char *exception_name(uint64_t vector)
{
	static const char *const names[] = {
		[EXCEPTION_DIVIDE] = "divide error",
		[EXCEPTION_DEBUG] = "debug",
		[EXCEPTION_NMI] = "non-maskable interrupt",
		[EXCEPTION_BREAKPOINT] = "breakpoint",
		[4] = "overflow",
		[5] = "bound range",
		[EXCEPTION_INVALID_OPCODE] = "invalid opcode",
		[7] = "device not available",
		[EXCEPTION_DOUBLE_FAULT] = "double fault",
		[10] = "invalid TSS",
		[11] = "segment not present",
		[12] = "stack segment",
		[13] = "general protection",
		[EXCEPTION_PAGE_FAULT] = "page fault",
		[EXCEPTION_FPU] = "x87 floating point",
		[17] = "alignment check",
		[18] = "machine check",
		[EXCEPTION_SIMD] = "SIMD floating point",
	};

	return vector < ARRAY_SIZE(names) && names[vector] ? names[vector] : "exception";
}

static unsigned access_of(const struct regs *r)
{
	return r->error & PF_FETCH ? VMEM_EXEC : r->error & PF_WRITE ? VMEM_WRITE : VMEM_READ;
}

/* Stacks of the image's own, which only the table knows. */
static bool describe_guard(const char *action, uint64_t addr)
{
	const struct guarded_stack *s = guarded_stack_below(addr);

	if (s)
		pr_err("fault: %s at 0x%lx: stack overflow: the %s stack of %lu bytes is used up", action, addr, s->name,
		       s->size);
	return s;
}

static void describe_page_fault(const struct regs *r, uint64_t addr)
{
	const char *action = r->error & PF_FETCH ? "execute" : r->error & PF_WRITE ? "write" : "read";
	uintptr_t start, end;
	const char *name, *why = "nothing is mapped there";
	unsigned prot;

	if (describe_guard(action, addr))
		return;
	if (addr < PAGE_SIZE)
		why = "NULL dereference";
	else if (kthread_is_guard(addr))
		why = "stack overflow";
	else if (vmem_describe(addr, &name, &start, &end, &prot))
		why = !prot && r->rsp - addr + PAGE_SIZE < 4 * PAGE_SIZE      ? "stack overflow"
		      : !prot && r->rsp >= start && r->rsp <= end + PAGE_SIZE ? "stack overflow"
		                                                              : "the protection forbids it";
	else if (vmem_accessible(addr & PAGE_MASK, 1, VMEM_READ))
		why = r->error & PF_FETCH ? "no code" : "write to read-only memory of the image";
	pr_err("fault: %s at 0x%lx: %s", action, addr, why);
}

/* CONFIG_DEBUG_MEMORY fills what is freed with a pattern that is no address. */
static void describe_freed(const struct regs *r)
{
	const uint64_t *words = (const uint64_t *)r;

	for (const uint64_t *w = words; w < &r->vector; w++) {
		if (*w != ALLOC_FREED_WORD)
			continue;
		pr_err("a register has the pattern of freed memory: use after free");
		return;
	}
}

static bool is_stack_overflow(const struct regs *r)
{
	return r->vector == EXCEPTION_INVALID_OPCODE && arch_is_stack_overflow(r->rip);
}

static void print_registers(const struct regs *r)
{
	pr_err("rip %016lx rsp %016lx rflags %08lx error %lx", r->rip, r->rsp, r->rflags, r->error);
	pr_err("rax %016lx rbx %016lx rcx %016lx rdx %016lx", r->rax, r->rbx, r->rcx, r->rdx);
	pr_err("rsi %016lx rdi %016lx rbp %016lx r8  %016lx", r->rsi, r->rdi, r->rbp, r->r8);
	pr_err("r9  %016lx r10 %016lx r11 %016lx r12 %016lx", r->r9, r->r10, r->r11, r->r12);
	pr_err("r13 %016lx r14 %016lx r15 %016lx", r->r13, r->r14, r->r15);
}

static void __noreturn die(const struct regs *r, uint64_t addr)
{
	const struct thread *t = thread_self();

	if (r->vector == EXCEPTION_PAGE_FAULT)
		describe_page_fault(r, addr);
	else if (is_stack_overflow(r))
		pr_err("fault: write at 0x%lx: stack overflow", r->rsp - r->r10);
	else if (r->vector != EXCEPTION_DOUBLE_FAULT || !describe_guard("write", r->rsp - 1))
		pr_err("fault: %s", exception_name(r->vector));
	if (t)
		pr_err("thread %d (%s)", t->id, t->name);
	describe_freed(r);
	print_registers(r);
	backtrace_print(r->rip, false, r->rbp, r->rsp);
	plat_crash();
}

static void __noreturn out_of_memory(uint64_t addr)
{
	const struct thread *t = thread_self();
	uintptr_t start = 0, end = 0;
	const char *name = "?";
	unsigned prot;

	vmem_describe(addr, &name, &start, &end, &prot);
	pr_err("out of memory: thread %d (%s) touched 0x%lx in %s mapping of %lu KiB; %lu of %lu KiB free", t->id, t->name,
	       addr, name, (end - start) / 1024, page_available() * 4, page_total() * 4);
	plat_crash();
}

/* Note in the frame what the program is told: the frame is the one place that no other thread, and no handler on this one, comes by. */
static bool note_signal(struct regs *r, uint64_t addr, enum fault_result result)
{
	r->fault_address = addr;
	switch (r->vector) {
	case EXCEPTION_DIVIDE:
	case EXCEPTION_FPU:
	case EXCEPTION_SIMD:
		r->fault_kind = TRAP_ARITHMETIC;
		return true;
	case EXCEPTION_INVALID_OPCODE:
		r->fault_kind = is_stack_overflow(r) ? TRAP_ACCESS : TRAP_ILLEGAL;
		return true;
	case EXCEPTION_BREAKPOINT:
		r->fault_kind = TRAP_BREAKPOINT;
		return true;
	case EXCEPTION_PAGE_FAULT:
		r->fault_kind = result == FAULT_IO ? TRAP_BUS : result == FAULT_BAD_ACCESS ? TRAP_ACCESS : TRAP_ADDRESS;
		return true;
	case 13:
		r->fault_kind = TRAP_ADDRESS;
		return true;
	default:
		return false;
	}
}

/* The part that takes locks: on the exception's stack, from which nobody may be switched to. */
static enum fault_result resolve(const struct regs *r, uint64_t addr)
{
	enum fault_result result = FAULT_BAD_ADDRESS;

	if (r->vector == EXCEPTION_PAGE_FAULT)
		result = vmem_fault(addr, access_of(r));
	if (result == FAULT_NO_MEMORY)
		out_of_memory(addr);
	return result;
}

/* Back [@low, @high), of less than a page: another fault while the frame is copied there would come on the same stack of the processor. */
static bool back(uintptr_t low, uintptr_t high)
{
	return vmem_fault(low, VMEM_WRITE) != FAULT_NO_MEMORY && vmem_fault(high - 1, VMEM_WRITE) != FAULT_NO_MEMORY;
}

/* Where the handler's frame goes: below the interrupted code's, or on a stack of the program's for that if there is no room. */
static uintptr_t handler_stack(const struct regs *r)
{
	size_t need = REGS_SIZE + fpu_size() + FPU_ALIGN + HANDLER_ROOM;
	uintptr_t sp = r->rsp;

	if (regs_are_user(r))
		sp = user_kernel_stack();
	else if (!vmem_accessible(sp - PAGE_SIZE, PAGE_SIZE, VMEM_WRITE))
		sp = trap_stack_hook(r->fault_kind, sp, need);
	return sp && back(sp - REGS_SIZE - 16, sp) ? sp : 0;
}

uintptr_t exception_handle(struct regs *r, uint64_t addr)
{
	uintptr_t stack = 0;
	bool may_signal = trap_signal_hook && preempt_allowed() && r->rflags & RFLAGS_IF;

	if (in_exception || r->vector == EXCEPTION_DOUBLE_FAULT || r->vector == EXCEPTION_NMI)
		die(r, addr);
	in_exception = true;
	preempt_enter_exception();
	enum fault_result result = resolve(r, addr);

	if (result != FAULT_MENDED && may_signal && note_signal(r, addr, result))
		stack = handler_stack(r);
	preempt_leave_exception();
	in_exception = false;
	if (result != FAULT_MENDED && !stack)
		die(r, addr);
	return stack;
}

void exception_deliver(struct regs *r)
{
	struct trap_info info = { .kind = r->fault_kind, .address = r->fault_address, .pc = r->rip, .user = regs_are_user(r) };

	if (info.user) { /* its extended state is where it belongs */
		if (!trap_signal_hook(&info))
			die(r, info.address);
		return;
	}
	char buffer[fpu_size() + FPU_ALIGN];
	void *area = (void *)ALIGN_UP((uintptr_t)buffer, FPU_ALIGN);

	fpu_save(area);
	if (!trap_signal_hook(&info))
		die(r, info.address);
	fpu_restore(area);
}
