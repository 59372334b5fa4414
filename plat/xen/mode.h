/* SPDX-License-Identifier: BSD-3-Clause */
/* What a PV and a PVH domain do differently for plat/api and plat/xen.h: the headers there say what each is. Chosen at the entry. */
#ifndef XEN_MODE_H
#define XEN_MODE_H

#include <core/base.h>
#include <plat/xen.h>

struct regs;

struct xen_mode {
	bool (*stacks_backed)(void);
	const char *(*cmdline)(void);
	bool (*initrd)(const void **start, size_t *size);
	void (*thread_switch)(uintptr_t tls_base);
#ifdef CONFIG_CORE_USER
	void (*user_stack)(uintptr_t top);
	void (*user_enter)(const struct regs *regs, uintptr_t top);
#endif
	bool (*random)(uint64_t *out);
	void (*idle)(void);
	/* Stop until the toolstack lets the domain go on; interrupts stay off after it. Returns whether the suspension was cancelled. */
	bool (*suspend)(void);

	int (*pt_map)(uintptr_t va, uint64_t pa, unsigned flags);
	int (*pt_map_run)(uintptr_t va, const uint64_t *pa, unsigned count, unsigned flags);
	bool (*pt_lookup)(uintptr_t va, uint64_t *pa, unsigned *flags);
	uintptr_t (*pt_next)(uintptr_t va, uintptr_t end);
	void (*pt_protect)(uintptr_t start, uintptr_t end, unsigned flags);
	void (*pt_unmap)(uintptr_t start, uintptr_t end, void (*gone)(uint64_t pa, unsigned flags));

	uint64_t (*frame_of)(const void *page);
	void *(*page_of)(uint64_t frame);
	int (*map_foreign)(uintptr_t va, domid_t domid, const uint64_t *frames, size_t count, bool machine, bool write,
	                   int *err);
	int (*map_grant_table)(uintptr_t va, unsigned index);
	int (*grant_place)(uintptr_t va, domid_t granter, bool write, xen_grant_op_t op, void *arg);
	int (*grant_unplace)(uintptr_t va, xen_grant_op_t op, void *arg);
};

extern const struct xen_mode xen_pv, xen_pvh;

/* First of all, before anything asks. */
void xen_set_mode(const struct xen_mode *mode, bool is_dom0);
bool xen_mode_suspend(void);

#endif
