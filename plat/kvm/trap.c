/* SPDX-License-Identifier: BSD-3-Clause */
/* Descriptor tables, and exceptions: mended as page faults, delivered as signals, or the end with a name and a backtrace. */
#include <arch/fpu.h>
#include <core/backtrace.h>
#include <core/fault.h>
#include <core/log.h>
#include <core/thread.h>
#include <core/trap.h>
#include <core/vmem.h>
#include <plat/plat.h>

#include "kvm.h"

#define EXCEPTION_DIVIDE 0
#define EXCEPTION_DEBUG 1
#define EXCEPTION_NMI 2
#define EXCEPTION_BREAKPOINT 3
#define EXCEPTION_INVALID_OPCODE 6
#define EXCEPTION_DOUBLE_FAULT 8
#define EXCEPTION_PAGE_FAULT 14
#define EXCEPTION_FPU 16
#define EXCEPTION_SIMD 19

#define PF_WRITE 2u
#define PF_FETCH 16u
#define RFLAGS_IF 0x200u

#define IST_SIZE 8192

struct gate {
	uint16_t offset_low, selector;
	uint8_t ist, type;
	uint16_t offset_mid;
	uint32_t offset_high, zero;
};

struct tss {
	uint32_t reserved0;
	uint64_t rsp[3], reserved1, ist[7], reserved2;
	uint16_t reserved3, iomap;
} __packed;

struct table_register {
	uint16_t limit;
	uint64_t base;
} __packed;

enum ist { IST_EXCEPTION = 1, IST_INTERRUPT, IST_NMI, IST_DOUBLE_FAULT, IST_COUNT };

static char ist_stacks[IST_COUNT][IST_SIZE] __aligned(16);
static struct tss tss = { .iomap = sizeof(tss) };
static struct gate idt[256] __aligned(16);
static uint64_t gdt[5] = { 0, 0x00af9b000000ffff, 0x00cf93000000ffff };

extern const char trap_stubs[];

bool (*trap_signal_hook)(struct trap_info *info);

static uint64_t fault_address;
static bool in_exception;

static unsigned ist_of(unsigned vector)
{
	switch (vector) {
	case EXCEPTION_NMI:
		return IST_NMI;
	case EXCEPTION_DOUBLE_FAULT:
		return IST_DOUBLE_FAULT;
	default:
		return vector < 32 ? IST_EXCEPTION : IST_INTERRUPT;
	}
}

void trap_init(void)
{
	uint64_t base = (uintptr_t)&tss;

	for (unsigned i = 1; i < IST_COUNT; i++)
		tss.ist[i - 1] = (uintptr_t)ist_stacks[i] + IST_SIZE;
	gdt[3] = (sizeof(tss) - 1) | (base & 0xffffff) << 16 | 0x89ull << 40 | (base >> 24 & 0xff) << 56;
	gdt[4] = base >> 32;
	for (unsigned v = 0; v < 256; v++) {
		uintptr_t entry = (uintptr_t)trap_stubs + v * 16;

		idt[v] = (struct gate){ entry, 0x08, ist_of(v), 0x8e, entry >> 16, entry >> 32, 0 };
	}
	struct table_register gdtr = { sizeof(gdt) - 1, (uintptr_t)gdt }, idtr = { sizeof(idt) - 1, (uintptr_t)idt };

	__asm__ volatile("lgdt %0; lidt %1; ltr %w2" : : "m"(gdtr), "m"(idtr), "r"(0x18));
}

static const char *exception_name(uint64_t vector)
{
	static const char *const names[] = {
		[EXCEPTION_DIVIDE] = "divide error", [EXCEPTION_DEBUG] = "debug", [EXCEPTION_NMI] = "non-maskable interrupt",
		[EXCEPTION_BREAKPOINT] = "breakpoint", [4] = "overflow", [5] = "bound range",
		[EXCEPTION_INVALID_OPCODE] = "invalid opcode", [7] = "device not available",
		[EXCEPTION_DOUBLE_FAULT] = "double fault", [10] = "invalid TSS", [11] = "segment not present",
		[12] = "stack segment", [13] = "general protection", [EXCEPTION_PAGE_FAULT] = "page fault",
		[EXCEPTION_FPU] = "x87 floating point", [17] = "alignment check", [18] = "machine check",
		[EXCEPTION_SIMD] = "SIMD floating point",
	};

	return vector < ARRAY_SIZE(names) && names[vector] ? names[vector] : "exception";
}

static unsigned access_of(const struct regs *r)
{
	return r->error & PF_FETCH ? VMEM_EXEC : r->error & PF_WRITE ? VMEM_WRITE : VMEM_READ;
}

static void describe_page_fault(const struct regs *r, uint64_t addr)
{
	const char *action = r->error & PF_FETCH ? "execute" : r->error & PF_WRITE ? "write" : "read";
	uintptr_t start, end;
	const char *name, *why = "nothing is mapped there";
	unsigned prot;

	if (addr < PAGE_SIZE)
		why = "NULL dereference";
	else if (vmem_describe(addr, &name, &start, &end, &prot))
		why = !prot && r->rsp - addr + PAGE_SIZE < 4 * PAGE_SIZE ? "stack overflow" :
		      !prot && r->rsp >= start && r->rsp <= end + PAGE_SIZE ? "stack overflow" :
										"the protection forbids it";
	else if (vmem_accessible(addr & PAGE_MASK, 1, VMEM_READ))
		why = "write to read-only memory of the image";
	pr_err("fault: %s at 0x%lx: %s", action, addr, why);
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
	else
		pr_err("fault: %s", exception_name(r->vector));
	if (t)
		pr_err("thread %d (%s)", t->id, t->name);
	print_registers(r);
	backtrace_print(r->rip, r->rbp, r->rsp);
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

static bool signal_for(const struct regs *r, enum fault_result result, struct trap_info *info)
{
	switch (r->vector) {
	case EXCEPTION_DIVIDE:
	case EXCEPTION_FPU:
	case EXCEPTION_SIMD:
		info->kind = TRAP_ARITHMETIC;
		return true;
	case EXCEPTION_INVALID_OPCODE:
		info->kind = TRAP_ILLEGAL;
		return true;
	case EXCEPTION_BREAKPOINT:
		info->kind = TRAP_BREAKPOINT;
		return true;
	case EXCEPTION_PAGE_FAULT:
		info->kind = result == FAULT_IO ? TRAP_BUS : result == FAULT_BAD_ACCESS ? TRAP_ACCESS : TRAP_ADDRESS;
		return true;
	case 13:
		info->kind = TRAP_ADDRESS;
		return true;
	default:
		return false;
	}
}

/*
 * On the exception stack, interrupts off. Returns true to continue in kvm_exception_on_stack(): somebody may handle a signal. The regs
 * and the fault's address travel with it.
 */
bool kvm_exception(struct regs *r)
{
	struct trap_info info = { 0 };
	enum fault_result result = FAULT_BAD_ADDRESS;
	uint64_t addr = 0;

	if (in_exception || r->vector == EXCEPTION_DOUBLE_FAULT || r->vector == EXCEPTION_NMI)
		die(r, addr);
	in_exception = true;
	if (r->vector == EXCEPTION_PAGE_FAULT) {
		__asm__ volatile("mov %%cr2, %0" : "=r"(addr));
		preempt_enter_exception();
		result = vmem_fault(addr, access_of(r));
		preempt_leave_exception();
		if (result == FAULT_NO_MEMORY)
			out_of_memory(addr);
	}
	in_exception = false;
	if (result == FAULT_MENDED)
		return false;
	if (!trap_signal_hook || !preempt_allowed() || !(r->rflags & RFLAGS_IF) || !signal_for(r, result, &info) ||
	    !vmem_accessible(r->rsp - PAGE_SIZE, PAGE_SIZE, VMEM_WRITE))
		die(r, addr);
	fault_address = addr;
	return true;
}

void kvm_exception_on_stack(struct regs *r)
{
	struct trap_info info = { .address = fault_address, .pc = r->rip };
	char buffer[fpu_size() + FPU_ALIGN];
	void *area = (void *)ALIGN_UP((uintptr_t)buffer, FPU_ALIGN);

	signal_for(r, fault_address && !vmem_accessible(fault_address & PAGE_MASK, 1, 0) ? FAULT_BAD_ADDRESS : FAULT_BAD_ACCESS,
		   &info);
	fpu_save(area);
	__asm__ volatile("sti");
	bool handled = trap_signal_hook(&info);

	__asm__ volatile("cli");
	if (!handled)
		die(r, info.address);
	fpu_restore(area);
}
