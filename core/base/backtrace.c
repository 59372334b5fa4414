/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/backtrace.h>

#include <core/log.h>

#include "ksyms.h"

#define DEPTH_MAX 24
#define SCAN_WORDS 512

bool (*backtrace_readable)(uintptr_t addr, size_t size);

static bool readable(uintptr_t addr, uintptr_t sp)
{
	if (addr % sizeof(uintptr_t))
		return false;
	if (backtrace_readable)
		return backtrace_readable(addr, sizeof(uintptr_t));
	return addr >= sp && addr < sp + 16384;
}

/*
 * @back: how many bytes before @pc the instruction ends that is meant. 1 for return addresses: a call that does not return may be the last
 * instruction of its function, and @pc the next one's first.
 */
static void print_frame(uintptr_t pc, unsigned back, const char *how)
{
	uintptr_t offset;
	const char *name = ksyms_lookup(pc - back, &offset);

	if (name)
		log_printf(LOG_ERR, "  %s[%016lx] %s+0x%lx", how, pc, name, offset + back);
	else
		log_printf(LOG_ERR, "  %s[%016lx]", how, pc);
}

void backtrace_print_place(const char *what, uintptr_t pc)
{
	pr_err("%s", what);
	print_frame(pc, 1, "");
}

/* Ported code has no frame pointers: where the chain breaks, list what on the stack looks like a return address. */
static void print_scan(uintptr_t sp, int depth)
{
	for (int i = 0; i < SCAN_WORDS && depth < DEPTH_MAX; i++, sp += sizeof(uintptr_t)) {
		if (!readable(sp, sp))
			return;
		uintptr_t word = *(const uintptr_t *)sp;

		if (ksyms_is_text(word)) {
			print_frame(word, 1, "? ");
			depth++;
		}
	}
}

void backtrace_print(uintptr_t pc, bool is_return, uintptr_t fp, uintptr_t sp)
{
	uintptr_t last = sp;
	int depth = 0;

	log_printf(LOG_ERR, "backtrace:");
	print_frame(pc, is_return, "");
	while (depth++ < DEPTH_MAX && fp >= last && fp < last + (1 << 20) && readable(fp, sp) &&
	       readable(fp + sizeof(uintptr_t), sp)) {
		const uintptr_t *frame = (const uintptr_t *)fp;

		if (!ksyms_is_text(frame[1]))
			break;
		print_frame(frame[1], 1, "");
		last = fp + 2 * sizeof(uintptr_t);
		fp = frame[0];
	}
	print_scan(ALIGN_UP(last, sizeof(uintptr_t)), depth);
}
