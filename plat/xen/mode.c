/* SPDX-License-Identifier: BSD-3-Clause */
/* The one place that asks whether this is a PV or a PVH domain. */
#include <core/sched.h>

#include "mode.h"

#include <plat/ops.h>

#include "xen.h"

static const struct xen_mode *mode;
static bool is_hardware_domain;

void xen_set_mode(const struct xen_mode *chosen, bool is_dom0)
{
	mode = chosen;
	is_hardware_domain = is_dom0;
}

bool xen_is_dom0(void)
{
	return is_hardware_domain;
}

static bool mode_stacks_backed(void)
{
	return mode->stacks_backed();
}

static const char *mode_cmdline(void)
{
	return mode->cmdline();
}

static bool mode_initrd(const void **start, size_t *size)
{
	return mode->initrd(start, size);
}

static void mode_thread_switch(uintptr_t tls_base)
{
	mode->thread_switch(tls_base);
}

#ifdef CONFIG_CORE_USER
static void mode_user_stack(uintptr_t top)
{
	mode->user_stack(top);
}

static void mode_user_enter(const struct regs *regs, uintptr_t top)
{
	mode->user_enter(regs, top);
}
#endif

static bool mode_random(uint64_t *out)
{
	return mode->random(out);
}

bool xen_mode_suspend(void)
{
	return mode->suspend();
}

static void mode_idle(void)
{
	mode->idle();
}

static int mode_pt_map(uintptr_t va, uint64_t pa, unsigned flags)
{
	return mode->pt_map(va, pa, flags);
}

static int mode_pt_map_run(uintptr_t va, const uint64_t *pa, unsigned count, unsigned flags)
{
	return mode->pt_map_run(va, pa, count, flags);
}

static bool mode_pt_lookup(uintptr_t va, uint64_t *pa, unsigned *flags)
{
	return mode->pt_lookup(va, pa, flags);
}

static uintptr_t mode_pt_next(uintptr_t va, uintptr_t end)
{
	return mode->pt_next(va, end);
}

static void mode_pt_protect(uintptr_t start, uintptr_t end, unsigned flags)
{
	mode->pt_protect(start, end, flags);
}

static void mode_pt_unmap(uintptr_t start, uintptr_t end, void (*gone)(uint64_t pa, unsigned flags))
{
	mode->pt_unmap(start, end, gone);
}

PLAT_OPS(xen, mode);

uint64_t xen_frame_of(const void *page)
{
	return mode->frame_of(page);
}

void *xen_page_of(uint64_t frame)
{
	return mode->page_of(frame);
}

int xen_map_foreign(uintptr_t va, domid_t domid, const uint64_t *frames, size_t count, bool machine, bool write, int *err)
{
	return mode->map_foreign(va, domid, frames, count, machine, write, err);
}

int xen_map_grant_table(uintptr_t va, unsigned index)
{
	return mode->map_grant_table(va, index);
}

static void nothing(uint64_t pa __unused, unsigned flags __unused)
{
}

void xen_unmap_grant_table(uintptr_t va, unsigned count)
{
	preempt_disable();
	mode->pt_unmap(va, va + count * PAGE_SIZE, nothing);
	preempt_enable();
}

int xen_grant_place(uintptr_t va, domid_t granter, bool write, xen_grant_op_t op, void *arg)
{
	return mode->grant_place(va, granter, write, op, arg);
}

int xen_grant_unplace(uintptr_t va, xen_grant_op_t op, void *arg)
{
	return mode->grant_unplace(va, op, arg);
}
