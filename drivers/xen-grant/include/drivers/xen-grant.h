/* SPDX-License-Identifier: BSD-3-Clause */
/* Grant table, version 1 (xen/include/public/grant_table.h): giving other domains access to pages, and mapping theirs. */
#ifndef DRIVERS_XEN_GRANT_H
#define DRIVERS_XEN_GRANT_H

#include <core/base.h>
#include <plat/xen.h>

typedef uint32_t grant_ref_t;

/*
 * A page that another domain may access. Drivers share memory with their back ends in such pages only: what another domain can read is
 * cleared first, and again before the allocator gets it back.
 */
struct xen_grant_page {
	void *data; /* the page, in the direct map */
	grant_ref_t ref;
	struct xen_grant_page *next; /* for lists of whoever has it */
	unsigned *stuck; /* xen_grant_page_end()'s */
};

/* A cleared page for domain @remote: 0 and *@out; -ENOMEM; -ENOSPC: no grants are left. Any context. */
int xen_grant_page_new(domid_t remote, bool readonly, struct xen_grant_page **out);
/*
 * Take the access back and free @p. If the other domain still has it mapped, that is tried again each second until it lets go: then this
 * returns false, and *@stuck (NULL, or it lives for ever) is one more until the page is free. Any context.
 */
bool xen_grant_page_end(struct xen_grant_page *p, unsigned *stuck);

/*
 * Let domain @remote access the page at @page (any mapped, backed, page-aligned address): memory of a program that wants to share it, with what
 * is in it. Returns the grant reference (> 0) or -ENOSPC.
 */
int xen_grant_access(domid_t remote, const void *page, bool readonly);
/* The same for the page at the pseudo-physical address @pa. Returns the grant reference (> 0) or -ENOSPC. */
int xen_grant_access_frame(domid_t remote, uint64_t pa, bool readonly);
/* Take the access back. Returns 0, or -EBUSY while the other domain has the page mapped (try again later). Any context. */
int xen_grant_end(grant_ref_t ref);

struct xen_grant_map {
	domid_t domid; /* in */
	grant_ref_t ref; /* in */
	uint32_t handle; /* out, for xen_grant_unmap() */
	int status; /* out: 0 or -Exxx */
};

/*
 * Map @count grants at @va, page by page; the range is reserved (vmem_map) without access. Returns 0 if all succeeded, else the first
 * error; those that succeeded stay mapped. Thread context.
 */
int xen_grant_map(uintptr_t va, struct xen_grant_map *maps, size_t count, bool write);
/* Undo xen_grant_map() for those with status 0; the reservation stays. Returns 0 or the first error. */
int xen_grant_unmap(uintptr_t va, const struct xen_grant_map *maps, size_t count);

#endif
