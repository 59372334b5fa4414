/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Suspension of the whole domain: the toolstack saves it, or only stops it for a while. The domain stops in one hypercall, and comes out of it
 * either as it was (the suspension was cancelled), or as a new domain with the old one's memory: then there are no event channels, the grant
 * table is empty, machine frames are others, and so are the domain's number and its back ends.
 */
#ifndef PLAT_XEN_SUSPEND_H
#define PLAT_XEN_SUSPEND_H

#include <core/list.h>

/* Lower ones first: a layer uses those before it. */
enum xen_suspend_layer {
	XEN_SUSPEND_GRANTS,
	XEN_SUSPEND_STORE,
	XEN_SUSPEND_BUS,
	XEN_SUSPEND_FILES,
};

/*
 * What a layer has to do, any of it NULL. The two before the hypercall are called from the highest layer down, the two after it from the lowest
 * layer up. @cancelled: all is as it was.
 */
struct xen_suspend_step {
	enum xen_suspend_layer layer;
	/* Thread context: wait for what must not be cut in two, and let nothing of it begin. */
	void (*freeze)(void);
	/* Nobody else runs, preemption is disabled. Returns 0, or -Exxx: the domain is not suspended, and goes on as if it had been cancelled. */
	int (*suspend)(void);
	/* The same context, after the hypercall. */
	void (*resume)(bool cancelled);
	/* Thread context: what freeze() held goes on; connections are made again. */
	void (*thaw)(bool cancelled);

	struct list link;
};

/* Have @step done with each suspension from now on; it lives for ever. Thread context. */
void xen_suspend_add(struct xen_suspend_step *step);

/*
 * Stop until the toolstack lets the domain go on. Returns 0: as a new domain; 1: it was cancelled; or -Exxx: a layer could not stop, which is
 * logged, and nothing happened. One thread at a time, in thread context, with no lock held that a layer takes.
 */
int xen_suspend(void);

#endif
