/* SPDX-License-Identifier: BSD-3-Clause */
/* A domain that is not our target is out of reach, whatever is tried: here dom0, which always exists. A stubdomain is such a domain's peer too. */
#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <xenctrl.h>
#include <xendevicemodel.h>
#include <xenevtchn.h>
#include <xenforeignmemory.h>
#include <xengnttab.h>
#include <xenstore.h>
#include "lib-test.h"

#define DOM0 0
#define NUMBERS 48 /* ports and grants that are tried */

LIB_TEST("isolation: frames of dom0", frames)
{
	xenforeignmemory_handle *fmem = xenforeignmemory_open(NULL, 0);
	const xen_pfn_t tried[] = { 1, 0x100, 0x1000, 0x10000 };

	CHECK(fmem);
	for (unsigned i = 0; i < sizeof(tried) / sizeof(tried[0]); i++) {
		errno = 0;
		CHECK(!xenforeignmemory_map(fmem, DOM0, PROT_READ, 1, &tried[i], NULL) && errno == EPERM);
		CHECK(!xenforeignmemory_map(fmem, DOM0, PROT_READ | PROT_WRITE, 1, &tried[i], NULL) && errno == EPERM);
	}
	CHECK(!xenforeignmemory_close(fmem));
	return true;
}

LIB_TEST("isolation: device-model operations on dom0", operations)
{
	xendevicemodel_handle *dmod = xendevicemodel_open(NULL, 0);
	ioservid_t id;

	CHECK(dmod);
	CHECK(xendevicemodel_set_isa_irq_level(dmod, DOM0, 1, 1) == -1 && errno);
	CHECK(xendevicemodel_create_ioreq_server(dmod, DOM0, 0, &id) == -1 && errno);
	CHECK(xendevicemodel_inject_msi(dmod, DOM0, 0xfee00000, 0x31) == -1 && errno);
	CHECK(!xendevicemodel_close(dmod));
	return true;
}

LIB_TEST("isolation: memory of dom0", memory)
{
	xc_interface *xch = xc_interface_open(NULL, NULL, 0);
	xen_pfn_t frame = 0xf0000;

	CHECK(xch);
	CHECK(xc_domain_populate_physmap_exact(xch, DOM0, 1, 0, 0, &frame) < 0);
	CHECK(!xc_interface_close(xch));
	return true;
}

/* Those that dom0 opened for us are bound: Xen refuses a second time. */
LIB_TEST("isolation: event channels of dom0", ports)
{
	xenevtchn_handle *evtchn = xenevtchn_open(NULL, 0);
	unsigned bound = 0;

	CHECK(evtchn);
	for (evtchn_port_t port = 1; port < NUMBERS; port++)
		bound += xenevtchn_bind_interdomain(evtchn, DOM0, port) >= 0;
	CHECK(!bound && !xenevtchn_close(evtchn));
	return true;
}

LIB_TEST("isolation: grants of dom0", grants)
{
	xengnttab_handle *tab = xengnttab_open(NULL, 0);
	unsigned mapped = 0;

	CHECK(tab);
	for (uint32_t ref = 0; ref < NUMBERS; ref++)
		mapped += !!xengnttab_map_grant_ref(tab, DOM0, ref, PROT_READ);
	CHECK(!mapped && !xengnttab_close(tab));
	return true;
}

LIB_TEST("isolation: xenstore nodes of dom0", nodes)
{
	struct xs_handle *xs = xs_open(0);

	CHECK(xs);
	CHECK(!xs_write(xs, XBT_NULL, "/local/domain/0/name", "mine", 4) && errno == EACCES);
	CHECK(!xs_write(xs, XBT_NULL, "/local/domain/0/target", "1", 1) && errno == EACCES);
	CHECK(!xs_mkdir(xs, XBT_NULL, "/tool/mine") && errno == EACCES);
	CHECK(!xs_rm(xs, XBT_NULL, "/local/domain/0/domid") && errno == EACCES);
	xs_close(xs);
	return true;
}
