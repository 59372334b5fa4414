/* SPDX-License-Identifier: BSD-3-Clause */
/* What drivers may ask of the hypervisor besides plat/api: hypercalls, event channels, foreign frames. Numbers are Xen's public headers'. */
#ifndef PLAT_XEN_H
#define PLAT_XEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint16_t domid_t;
#define DOMID_SELF 0x7ff0u

/*
 * Issue hypercall @nr (__HYPERVISOR_* of xen/include/public/xen.h). Memory that arguments point to must be backed (direct map, image, or
 * vmem_populate()): Xen does not wait for page faults. Returns what Xen returns: >= 0, or a negated errno. Any context.
 */
long xen_hypercall(unsigned nr, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4, unsigned long a5);

/* Is this domain the hardware domain (dom0)? Then there is no xenstore to wait for. */
bool xen_is_dom0(void);

/* Xenstore's shared page and event channel, as the domain builder left them. false: there is none. */
bool xen_store_ring(void **page, uint32_t *port);
/* May this image send xenstored requests of kind @number (XS_* of public/io/xs_wire.h)? Asked once for each request; logs a no. Any context. */
bool xen_store_permits(uint32_t number);

/* End the domain with status 0, and have the toolstack start it anew, as it does if its configuration says so. Does not return. Any context. */
void xen_reboot(void);

/* --- event channels: ports are this domain's, > 0 -------------------------------------------------------------------------------- */

/* A port that domain @remote may bind. Returns it, or -Exxx. */
int xen_event_alloc_unbound(domid_t remote);
/* Connect to @port of domain @remote. Returns the local port, or -Exxx. */
int xen_event_bind_interdomain(domid_t remote, uint32_t port);
/* Returns the port of virtual interrupt @virq, or -Exxx. */
int xen_event_bind_virq(unsigned virq);
/*
 * Have fn(port, arg) run for events on @port, as an interrupt handler, and unmask the port. NULL @fn masks it. Events that come while
 * a port is masked are delivered when it is unmasked. A port on which another domain raises events faster than they can be handled is
 * looked at less often, at least every 64 ms. Returns 0, -EINVAL or -ENOMEM.
 */
int xen_event_set_handler(uint32_t port, void (*fn)(uint32_t port, void *arg), void *arg);
void xen_event_mask(uint32_t port);
void xen_event_unmask(uint32_t port);
/* Signal the other end. Returns 0 or -Exxx. Any context. */
int xen_event_notify(uint32_t port);
/*
 * From the handler of @port: run it once more, after those of other ports, as if the other end had signalled again. For a handler that leaves
 * work behind because there is more of it than one run may take.
 */
void xen_event_again(uint32_t port);
/* Close; no handler runs for it afterwards. */
void xen_event_close(uint32_t port);

/* --- frames ---------------------------------------------------------------------------------------------------------------------- */

/* The frame number by which other domains and Xen know the page at direct-map address @page. */
uint64_t xen_frame_of(const void *page);
/* Back from that: the direct-map address of this domain's page with frame number @frame. */
void *xen_page_of(uint64_t frame);

/*
 * Put @count frames of domain @domid at @va, page by page; [va, va + count pages) is reserved (vmem_map) without access. @machine: the
 * frames are machine frames as XENMEM_acquire_resource returns them, otherwise guest frames. err[i] is 0 or -Exxx for each; pages that
 * failed stay inaccessible. vmem_unmap() removes the mappings. Returns 0 if all succeeded, else the first error. @write: writable. A PVH
 * domain cannot map machine frames (-EOPNOTSUPP), and other domains' only where Xen permits it.
 */
int xen_map_foreign(uintptr_t va, domid_t domid, const uint64_t *frames, size_t count, bool machine, bool write, int *err);

/* Put frame @index of this domain's grant table at @va, in a reservation, writable; the table grows to hold it. Returns 0, -ENOSPC or -ENOMEM. */
int xen_map_grant_table(uintptr_t va, unsigned index);
/* Take @count frames of it away from @va on; the table itself stays as it is. */
void xen_unmap_grant_table(uintptr_t va, unsigned count);

/*
 * Mapping a grant takes a place that depends on the kind of domain: a page-table entry or a guest frame. These find it, and call
 * op(host_addr, flags, arg), once, which is to issue GNTTABOP_map_grant_ref or GNTTABOP_unmap_grant_ref with that host_addr and, besides its
 * own, those flags, and returns 0 or -Exxx. They return that or -ENOMEM, -EINVAL (nothing is there); on failure nothing is mapped. A
 * grant of this domain itself is -EOPNOTSUPP on PVH: Xen would take the page from where it is. Thread context; @va is one page of a reservation without access.
 */
typedef int (*xen_grant_op_t)(uint64_t host_addr, uint32_t flags, void *arg);
int xen_grant_place(uintptr_t va, domid_t granter, bool write, xen_grant_op_t op, void *arg);
int xen_grant_unplace(uintptr_t va, xen_grant_op_t op, void *arg);

#endif
