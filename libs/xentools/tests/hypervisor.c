/* SPDX-License-Identifier: BSD-3-Clause */
/* Hypercalls, event channels, grants: against the running hypervisor, with ourselves as the other domain. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xencall.h>
#include <xenctrl.h>
#include <xendevicemodel.h>
#include <xenevtchn.h>
#include <xenforeignmemory.h>
#include <xengnttab.h>
#include "lib-test.h"

#define PAGE 4096
#define NOBODY 0x7000 /* no domain has this number */

LIB_TEST("xentools: the hypervisor's version", version)
{
	xencall_handle *call = xencall_open(NULL, 0);
	xc_interface *xch = xc_interface_open(NULL, NULL, 0);
	xen_extraversion_t extra = "";
	int number;

	CHECK(call && xch);
	number = xencall2(call, __HYPERVISOR_xen_version, XENVER_version, 0);
	CHECK(number >> 16 >= 4);
	CHECK(xc_version(xch, XENVER_version, NULL) == number);
	CHECK(xc_version(xch, XENVER_extraversion, extra) >= 0 && extra[0]);
	CHECK(xencall2(call, __HYPERVISOR_xen_version, 1000, 0) == -1 && errno == ENOSYS);
	CHECK(!xc_interface_close(xch) && !xencall_close(call));
	return true;
}

/* Xen knows us by a number; it names it as the peer of a port that we opened for ourselves. */
static int own_domid(xenevtchn_handle *evtchn)
{
	xenevtchn_port_or_error_t port = xenevtchn_bind_unbound_port(evtchn, DOMID_SELF);
	xencall_handle *call = xencall_open(NULL, 0);
	struct evtchn_status *status = call ? xencall_alloc_buffer(call, sizeof(*status)) : NULL;
	int domid = -1;

	if (status && port > 0) {
		status->dom = DOMID_SELF;
		status->port = (evtchn_port_t)port;
		if (!xencall2(call, __HYPERVISOR_event_channel_op, EVTCHNOP_status, (uintptr_t)status))
			domid = status->u.unbound.dom;
		xencall_free_buffer(call, status);
	}
	if (port > 0)
		xenevtchn_unbind(evtchn, (evtchn_port_t)port);
	xencall_close(call);
	return domid;
}

static bool is_readable(int fd, int timeout_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, timeout_ms) == 1;
}

LIB_TEST("xentools: an event from one end to the other", events)
{
	xenevtchn_handle *evtchn = xenevtchn_open(NULL, 0);
	int left, right, fd;

	CHECK(evtchn);
	fd = xenevtchn_fd(evtchn);
	left = xenevtchn_bind_unbound_port(evtchn, DOMID_SELF);
	CHECK(left > 0);
	right = xenevtchn_bind_interdomain(evtchn, DOMID_SELF, (evtchn_port_t)left);
	CHECK(right > 0 && right != left);
	/* Xen makes an event of the binding itself. */
	while (is_readable(fd, 100)) {
		int port = xenevtchn_pending(evtchn);

		CHECK(port == left || port == right);
		CHECK(!xenevtchn_unmask(evtchn, (evtchn_port_t)port));
	}
	for (int i = 0; i < 3; i++) {
		CHECK(!xenevtchn_notify(evtchn, (evtchn_port_t)right));
		CHECK(is_readable(fd, 5000) && xenevtchn_pending(evtchn) == left);
		CHECK(!xenevtchn_unmask(evtchn, (evtchn_port_t)left));
	}
	CHECK(!is_readable(fd, 0));
	CHECK(!xenevtchn_unbind(evtchn, (evtchn_port_t)right) && !xenevtchn_unbind(evtchn, (evtchn_port_t)left));
	CHECK(xenevtchn_notify(evtchn, (evtchn_port_t)left) == -1);
	CHECK(!xenevtchn_close(evtchn));
	return true;
}

LIB_TEST("xentools: pages granted, mapped and copied", grants)
{
	xenevtchn_handle *evtchn = xenevtchn_open(NULL, 0);
	xengntshr_handle *shr = xengntshr_open(NULL, 0);
	xengnttab_handle *tab = xengnttab_open(NULL, 0);
	uint32_t refs[2], domid;
	char *ours, *theirs;

	CHECK(evtchn && shr && tab);
	domid = (uint32_t)own_domid(evtchn);
	CHECK(domid < DOMID_SELF);
	ours = xengntshr_share_pages(shr, domid, 2, refs, 1);
	CHECK(ours && !ours[0] && refs[0] != refs[1]);
	theirs = xengnttab_map_domain_grant_refs(tab, 2, domid, refs, PROT_READ | PROT_WRITE);
	CHECK(theirs && theirs != ours);
	strcpy(ours + PAGE - 3, "across");
	CHECK(!strcmp(theirs + PAGE - 3, "across"));
	theirs[5] = 'x';
	CHECK(ours[5] == 'x');
	/* Pages that are still mapped are not used for anything else, and are given back later. */
	CHECK(!xengntshr_unshare(shr, ours, 2));
	CHECK(!strcmp(theirs + PAGE - 3, "across"));
	CHECK(xengnttab_unmap(tab, theirs, 1) == -1 && errno == EINVAL);
	CHECK(!xengnttab_unmap(tab, theirs, 2));
	CHECK(!xengnttab_map_grant_ref(tab, domid, 0xfffff, PROT_READ));
	CHECK(!xengnttab_close(tab) && !xengntshr_close(shr) && !xenevtchn_close(evtchn));
	return true;
}

LIB_TEST("xentools: a grant copy", grant_copy)
{
	static char from[3 * PAGE];
	xenevtchn_handle *evtchn = xenevtchn_open(NULL, 0);
	xengntshr_handle *shr = xengntshr_open(NULL, 0);
	xengnttab_handle *tab = xengnttab_open(NULL, 0);
	xengnttab_grant_copy_segment_t seg = { .flags = GNTCOPY_dest_gref, .len = 1000 };
	uint32_t ref, domid;
	char *ours;

	CHECK(evtchn && shr && tab);
	domid = (uint32_t)own_domid(evtchn);
	ours = xengntshr_share_pages(shr, domid, 1, &ref, 1);
	CHECK(ours);
	memset(from, 'c', sizeof(from));
	seg.source.virt = from + PAGE - 500;
	seg.dest.foreign.ref = ref;
	seg.dest.foreign.offset = 100;
	seg.dest.foreign.domid = (uint16_t)domid;
	CHECK(!xengnttab_grant_copy(tab, 1, &seg) && seg.status == GNTST_okay);
	CHECK(!ours[99] && ours[100] == 'c' && ours[1099] == 'c' && !ours[1100]);
	seg.dest.foreign.offset = PAGE - 999;
	CHECK(xengnttab_grant_copy(tab, 1, &seg) == -1 && errno == EINVAL);
	CHECK(!xengntshr_unshare(shr, ours, 1));
	CHECK(!xengnttab_close(tab) && !xengntshr_close(shr) && !xenevtchn_close(evtchn));
	return true;
}

LIB_TEST("xentools: a page tells that it was unmapped", unmap_notify)
{
	xenevtchn_handle *evtchn = xenevtchn_open(NULL, 0);
	xengntshr_handle *shr = xengntshr_open(NULL, 0);
	xengnttab_handle *tab = xengnttab_open(NULL, 0);
	uint32_t ref, domid;
	char *ours, *theirs;

	CHECK(evtchn && shr && tab);
	domid = (uint32_t)own_domid(evtchn);
	ours = xengntshr_share_pages(shr, domid, 1, &ref, 1);
	CHECK(ours);
	memset(ours, 1, PAGE);
	CHECK(!xengnttab_map_grant_ref_notify(tab, domid, ref, PROT_READ, 17, UINT32_MAX) && errno == EINVAL);
	theirs = xengnttab_map_grant_ref_notify(tab, domid, ref, PROT_READ | PROT_WRITE, 17, UINT32_MAX);
	CHECK(theirs && ours[17] == 1);
	CHECK(!xengnttab_unmap(tab, theirs, 1));
	CHECK(ours[16] == 1 && ours[17] == 0 && ours[18] == 1);
	CHECK(!xengntshr_unshare(shr, ours, 1));
	CHECK(!xengnttab_close(tab) && !xengntshr_close(shr) && !xenevtchn_close(evtchn));
	return true;
}

LIB_TEST("xentools: other domains are out of reach", foreign)
{
	xenforeignmemory_handle *fmem = xenforeignmemory_open(NULL, 0);
	xendevicemodel_handle *dmod = xendevicemodel_open(NULL, 0);
	xen_pfn_t frame = 1;

	CHECK(fmem && dmod);
	CHECK(!xenforeignmemory_map(fmem, NOBODY, PROT_READ, 1, &frame, NULL) && errno);
	CHECK(xendevicemodel_set_isa_irq_level(dmod, NOBODY, 1, 1) == -1 && errno);
	CHECK(!xenforeignmemory_restrict(fmem, NOBODY + 1) && !xendevicemodel_restrict(dmod, NOBODY + 1));
	CHECK(!xenforeignmemory_map(fmem, NOBODY, PROT_READ, 1, &frame, NULL) && errno == EACCES);
	CHECK(xendevicemodel_set_isa_irq_level(dmod, NOBODY, 1, 1) == -1 && errno == EACCES);
	CHECK(xenforeignmemory_restrict(fmem, NOBODY) == -1 && errno == EINVAL);
	CHECK(!xenforeignmemory_close(fmem) && !xendevicemodel_close(dmod));
	return true;
}
