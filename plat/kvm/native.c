/* SPDX-License-Identifier: BSD-3-Clause */
/* What of plat/api plat/native does here, as it is. */
#include <plat/native.h>
#include <plat/pgtable.h>
#include <plat/plat.h>
#include <plat/thread.h>

/* Entries have stacks of their own. */
bool plat_stacks_backed(void)
{
	return false;
}

void plat_thread_switch(uintptr_t tls_base)
{
	native_thread_switch(tls_base);
}

const char *plat_cmdline(void)
{
	return native_cmdline();
}

bool plat_initrd(const void **start, size_t *size)
{
	return native_initrd(start, size);
}

bool plat_random(uint64_t *out)
{
	return native_random(out);
}

void plat_idle(void)
{
	native_idle();
}

int plat_pt_map(uintptr_t va, uint64_t pa, unsigned flags)
{
	return native_pt_map(va, pa, flags);
}

bool plat_pt_lookup(uintptr_t va, uint64_t *pa, unsigned *flags)
{
	return native_pt_lookup(va, pa, flags);
}

uintptr_t plat_pt_next(uintptr_t va, uintptr_t end)
{
	return native_pt_next(va, end);
}

void plat_pt_protect(uintptr_t start, uintptr_t end, unsigned flags)
{
	native_pt_protect(start, end, flags);
}

void plat_pt_unmap(uintptr_t start, uintptr_t end, void (*gone)(uint64_t pa, unsigned flags))
{
	native_pt_unmap(start, end, gone);
}
