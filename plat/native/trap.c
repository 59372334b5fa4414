/* SPDX-License-Identifier: BSD-3-Clause */
/* Descriptor tables, and the exception way from the entry to plat/common. */
#include <core/guarded_stack.h>
#include <plat/exception.h>

#include "native.h"

#define IST_SIZE 8192ul

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

enum ist { IST_EXCEPTION = 1, IST_INTERRUPT, IST_NMI, IST_DOUBLE_FAULT };

GUARDED_STACK(exception_stack, IST_SIZE, "exception");
GUARDED_STACK(interrupt_stack, IST_SIZE, "interrupt");
GUARDED_STACK(nmi_stack, IST_SIZE, "non-maskable interrupt");
GUARDED_STACK(double_fault_stack, IST_SIZE, "double fault");
static struct tss tss = { .iomap = sizeof(tss) };
static struct gate idt[256] __aligned(16);
static uint64_t gdt[] = {
	0,
	0x00af9b000000ffff, /* 64-bit code */
	0x00cf93000000ffff, /* data */
	0,
	0, /* the TSS */
#ifdef CONFIG_CORE_USER
	0x00cff3000000ffff, /* the same two for user mode, in the order that sysret wants */
	0x00affb000000ffff,
#endif
};

extern const char trap_stubs[], upcall_entry[];
extern uintptr_t native_kernel_stack; /* user_entry.S */

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

static void set_gate(unsigned vector, const char *entry, unsigned ist)
{
	uintptr_t addr = (uintptr_t)entry;

	idt[vector] = (struct gate){ addr, NATIVE_KERNEL_CS, ist, 0x8e, addr >> 16, addr >> 32, 0 };
}

void native_upcall_init(void)
{
	set_gate(NATIVE_VECTOR_UPCALL, upcall_entry, 0);
}

void native_trap_init(native_note_t note)
{
	uint64_t base = (uintptr_t)&tss;

	native_note = note;
	tss.ist[IST_EXCEPTION - 1] = GUARDED_STACK_TOP(exception_stack);
	tss.ist[IST_INTERRUPT - 1] = GUARDED_STACK_TOP(interrupt_stack);
	tss.ist[IST_NMI - 1] = GUARDED_STACK_TOP(nmi_stack);
	tss.ist[IST_DOUBLE_FAULT - 1] = GUARDED_STACK_TOP(double_fault_stack);
	gdt[3] = (sizeof(tss) - 1) | (base & 0xffffff) << 16 | 0x89ull << 40 | (base >> 24 & 0xff) << 56;
	gdt[4] = base >> 32;
	for (unsigned v = 0; v < 256; v++)
		set_gate(v, trap_stubs + v * 16, ist_of(v));
	struct table_register gdtr = { sizeof(gdt) - 1, (uintptr_t)gdt }, idtr = { sizeof(idt) - 1, (uintptr_t)idt };

	__asm__ volatile("lgdt %0; lidt %1; ltr %w2" : : "m"(gdtr), "m"(idtr), "r"(NATIVE_TSS));
#ifdef CONFIG_CORE_USER
	native_user_init();
#endif
}

#ifdef CONFIG_CORE_USER
void native_user_stack(uintptr_t top)
{
	tss.rsp[0] = native_kernel_stack = top;
}
#endif

/*
 * On the exception stack, interrupts off. Returns the end of the stack on which to continue in native_exception_on_stack(), or 0: somebody may
 * handle a signal. The regs travel with it.
 */
uintptr_t native_exception(struct regs *r)
{
	uint64_t addr = 0;

	if (r->vector == EXCEPTION_PAGE_FAULT)
		__asm__ volatile("mov %%cr2, %0" : "=r"(addr));
	return exception_handle(r, addr);
}

void native_exception_on_stack(struct regs *r)
{
	__asm__ volatile("sti");
	exception_deliver(r);
	__asm__ volatile("cli");
}

/* Entries have stacks of their own. */
bool native_stacks_backed(void)
{
	return false;
}
