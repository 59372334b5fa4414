/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <xencall.h>
#include <xenctrl.h>
#include <xen/hvm/ioreq.h>
#include <xen/hvm/params.h>
#include <xendevicemodel.h>
#include <xenevtchn.h>
#include <xenforeignmemory.h>
#include <xengnttab.h>
#include <xenstore.h>

#define GFN 0x100 /* of a guest's low memory */
#define SPARE_GFN 0xf0000 /* beyond its memory */
#define HOLED 130u /* frames of which some are not there */
#define PAGE_BYTES 4096
#define PORTS 32
#define VERSIONS 64 /* of an interface to the toolstack */

static xencall_handle *call;
static xc_interface *xch;
static xenforeignmemory_handle *fmem;
static xendevicemodel_handle *dmod;
static xenevtchn_handle *evtchn;
static xengnttab_handle *gnttab;
static struct xs_handle *xs;
static unsigned self, target;

int operations_start(unsigned domid, unsigned target_domid)
{
	self = domid;
	target = target_domid;
	call = xencall_open(NULL, 0);
	xch = xc_interface_open(NULL, NULL, 0);
	fmem = xenforeignmemory_open(NULL, 0);
	dmod = xendevicemodel_open(NULL, 0);
	evtchn = xenevtchn_open(NULL, 0);
	gnttab = xengnttab_open(NULL, 0);
	xs = xs_open(0);
	return call && xch && fmem && dmod && evtchn && gnttab && xs ? 0 : -1;
}

static int error(long ret)
{
	return ret < 0 ? -errno : 0;
}

/* --- memory --- */

static int map(unsigned domid, int prot)
{
	xen_pfn_t gfn = GFN;
	void *p = xenforeignmemory_map(fmem, domid, prot, 1, &gfn, NULL);

	if (!p)
		return -errno;
	xenforeignmemory_unmap(fmem, p, 1);
	return 0;
}

static int map_read(unsigned domid)
{
	return map(domid, PROT_READ);
}

static int map_write(unsigned domid)
{
	return map(domid, PROT_READ | PROT_WRITE);
}

static bool is_hole(unsigned i)
{
	return i % 63 == 0 || i == HOLED - 1;
}

/* Its first byte, mapped alone. */
static int first_byte(unsigned domid, xen_pfn_t gfn)
{
	const uint8_t *p = xenforeignmemory_map(fmem, domid, PROT_READ, 1, &gfn, NULL);
	int byte = p ? *p : -errno;

	if (p)
		xenforeignmemory_unmap(fmem, (void *)p, 1);
	return byte;
}

/* Frames that are not there fail one by one, the others are where they were asked for. */
static int map_with_holes(unsigned domid)
{
	xen_pfn_t gfns[HOLED];
	int err[HOLED], ret = 0;

	for (unsigned i = 0; i < HOLED; i++)
		gfns[i] = is_hole(i) ? SPARE_GFN + i : GFN + i;
	uint8_t *p = xenforeignmemory_map(fmem, domid, PROT_READ | PROT_WRITE, HOLED, gfns, err);

	if (!p)
		return -errno;
	for (unsigned i = 0; i < HOLED && !ret; i++) {
		if (is_hole(i) == !err[i])
			ret = err[i] ? err[i] : -EIO;
		else if (!err[i])
			p[i * PAGE_BYTES] = (uint8_t)i;
	}
	for (unsigned i = 0; i < HOLED && !ret; i++)
		if (!is_hole(i) && first_byte(domid, GFN + i) != (uint8_t)i)
			ret = -EIO;
	xenforeignmemory_unmap(fmem, p, HOLED);
	return ret;
}

static long memory_op(unsigned op, const void *arg, size_t size)
{
	void *p = xencall_alloc_buffer(call, size);
	long ret = -1;

	if (p) {
		memcpy(p, arg, size);
		ret = xencall2(call, __HYPERVISOR_memory_op, op, (uintptr_t)p);
		xencall_free_buffer(call, p);
	}
	return ret;
}

static int reservation(unsigned domid)
{
	domid_t d = (domid_t)domid;

	return error(memory_op(XENMEM_current_reservation, &d, sizeof(d)));
}

/* Xen says how many pages were done, not why not all. */
static int populate(unsigned domid)
{
	xen_pfn_t frame = SPARE_GFN;
	int done = xc_domain_populate_physmap(xch, domid, 1, 0, 0, &frame);

	return done == 1 ? 0 : done ? error(done) : -EPERM;
}

static int take_away(unsigned domid)
{
	struct xen_remove_from_physmap op = { .domid = (domid_t)domid, .gpfn = SPARE_GFN };

	return error(memory_op(XENMEM_remove_from_physmap, &op, sizeof(op)));
}

static int page_table(unsigned domid)
{
	mmu_update_t *u = xencall_alloc_buffer(call, sizeof(*u));
	long ret = -1;

	if (u) {
		*u = (mmu_update_t){ .ptr = (uint64_t)GFN << 12, .val = 0 };
		ret = xencall4(call, __HYPERVISOR_mmu_update, (uintptr_t)u, 1, 0, (domid + 1) << 16 | DOMID_SELF);
		ret = error(ret);
		xencall_free_buffer(call, u);
	}
	return (int)ret;
}

/* --- device models' operations --- */

static int interrupt(unsigned domid)
{
	return error(xendevicemodel_set_isa_irq_level(dmod, (domid_t)domid, 5, 0));
}

static int message_interrupt(unsigned domid)
{
	return error(xendevicemodel_inject_msi(dmod, (domid_t)domid, 0xfee00000, 0x31));
}

static int request_server(unsigned domid)
{
	ioservid_t id;
	int ret = error(xendevicemodel_create_ioreq_server(dmod, (domid_t)domid, HVM_IOREQSRV_BUFIOREQ_OFF, &id));

	return ret ? ret : error(xendevicemodel_destroy_ioreq_server(dmod, (domid_t)domid, id));
}

/* Frames that are Xen's, of a server of the target; elsewhere the server is not even looked for. */
static xenforeignmemory_resource_handle *map_server(unsigned domid, ioservid_t id, void **page)
{
	*page = NULL;
	return xenforeignmemory_map_resource(fmem, (domid_t)domid, XENMEM_resource_ioreq_server, id,
	                                     XENMEM_resource_ioreq_server_frame_ioreq(0), 1, page, PROT_READ | PROT_WRITE, 0);
}

/* Bind the port that Xen made for us in a server of the target, which it shows when the server is enabled. */
static int bind_server(const struct shared_iopage *page)
{
	int port = xenevtchn_bind_interdomain(evtchn, target, page->vcpu_ioreq[0].vp_eport);

	return port < 0 ? -errno : error(xenevtchn_unbind(evtchn, (evtchn_port_t)port));
}

static int with_server(unsigned domid, bool bind)
{
	ioservid_t id = 0;
	void *page;
	int ret = 0;

	if (domid == target)
		ret = error(xendevicemodel_create_ioreq_server(dmod, (domid_t)domid, HVM_IOREQSRV_BUFIOREQ_OFF, &id));
	if (ret)
		return ret;
	xenforeignmemory_resource_handle *h = map_server(domid, id, &page);

	ret = h ? 0 : -errno;
	if (h && bind)
		ret = error(xendevicemodel_set_ioreq_server_state(dmod, (domid_t)domid, id, 1));
	if (h && bind && !ret)
		ret = bind_server(page);
	if (h)
		xenforeignmemory_unmap_resource(fmem, h);
	if (domid == target)
		xendevicemodel_destroy_ioreq_server(dmod, (domid_t)domid, id);
	return ret;
}

static int resource(unsigned domid)
{
	return with_server(domid, false);
}

static int get_param(unsigned domid)
{
	uint64_t value;

	return error(xc_hvm_param_get(xch, domid, HVM_PARAM_STORE_PFN, &value));
}

static int set_param(unsigned domid)
{
	return error(xc_hvm_param_set(xch, domid, HVM_PARAM_ACPI_S_STATE, 0));
}

/* --- event channels and grants --- */

static long event_op(unsigned op, void *arg, size_t size)
{
	void *p = xencall_alloc_buffer(call, size);
	long ret = -1;

	if (p) {
		memcpy(p, arg, size);
		ret = error(xencall2(call, __HYPERVISOR_event_channel_op, op, (uintptr_t)p));
		memcpy(arg, p, size);
		xencall_free_buffer(call, p);
	}
	return ret;
}

/* Ports that are there are others', or bound. On the target: the one that Xen made for us. */
static int bind(unsigned domid)
{
	int ret = -ESRCH;

	if (domid == target)
		return with_server(domid, true);
	for (evtchn_port_t port = 1; port < PORTS; port++) {
		int local = xenevtchn_bind_interdomain(evtchn, domid, port);

		if (local >= 0)
			return 0;
		ret = -errno;
	}
	return ret;
}

static int channel_status(unsigned domid)
{
	struct evtchn_status op = { .dom = (domid_t)domid, .port = 1 };

	return (int)event_op(EVTCHNOP_status, &op, sizeof(op));
}

static int channel_for_others(unsigned domid)
{
	struct evtchn_alloc_unbound op = { .dom = (domid_t)domid, .remote_dom = DOMID_SELF };

	return (int)event_op(EVTCHNOP_alloc_unbound, &op, sizeof(op));
}

/* 0: console's and xenstore's, which are there in each domain and are granted to dom0. */
static int map_grants(unsigned domid)
{
	int ret = 0;

	for (uint32_t ref = 0; ref < 2; ref++) {
		void *p = xengnttab_map_grant_ref(gnttab, domid, ref, PROT_READ);

		if (p)
			return 0;
		ret = -errno;
	}
	return ret;
}

static int grant_table(unsigned domid)
{
	struct gnttab_query_size *op = xencall_alloc_buffer(call, sizeof(*op));
	int ret = -ENOMEM;

	if (op) {
		*op = (struct gnttab_query_size){ .dom = (domid_t)domid };
		ret = error(xencall3(call, __HYPERVISOR_grant_table_op, GNTTABOP_query_size, (uintptr_t)op, 1));
		if (!ret)
			ret = op->status == GNTST_bad_domain ? -ESRCH : op->status ? -EPERM : 0;
		xencall_free_buffer(call, op);
	}
	return ret;
}

/* --- the toolstack's --- */

/* The interface has a version of each release; of the others Xen says EACCES before it looks at anything. */
static int toolstack_op(unsigned nr, void *arg, size_t size)
{
	uint32_t *p = xencall_alloc_buffer(call, size);
	int ret = -EINVAL;

	for (uint32_t version = 0; p && version < VERSIONS; version++) {
		memcpy(p, arg, size);
		p[1] = version;
		int one = error(xencall1(call, nr, (uintptr_t)p));

		if (one != -EACCES)
			ret = one;
	}
	if (p)
		xencall_free_buffer(call, p);
	return ret;
}

static int domctl(unsigned cmd, unsigned domid)
{
	struct xen_domctl op = { .cmd = cmd, .domain = (domid_t)domid };

	return toolstack_op(__HYPERVISOR_domctl, &op, sizeof(op));
}

static int pause_domain(unsigned domid)
{
	return domctl(XEN_DOMCTL_pausedomain, domid);
}

static int unpause_domain(unsigned domid)
{
	return domctl(XEN_DOMCTL_unpausedomain, domid);
}

static int destroy_domain(unsigned domid)
{
	return domctl(XEN_DOMCTL_destroydomain, domid);
}

static int domain_info(unsigned domid)
{
	return domctl(XEN_DOMCTL_getdomaininfo, domid);
}

static int registers(unsigned domid)
{
	return domctl(XEN_DOMCTL_getvcpucontext, domid);
}

static int other_target(unsigned domid)
{
	struct xen_domctl op = { .cmd = XEN_DOMCTL_set_target, .domain = (domid_t)self, .u.set_target.target = (domid_t)domid };

	return toolstack_op(__HYPERVISOR_domctl, &op, sizeof(op));
}

static int shut_down(unsigned domid)
{
	struct sched_remote_shutdown *op = xencall_alloc_buffer(call, sizeof(*op));
	int ret = -ENOMEM;

	/* It works, and would end what the other tests need. */
	if (domid == target || !op)
		return domid == target ? 0 : ret;
	*op = (struct sched_remote_shutdown){ .domain_id = (domid_t)domid, .reason = SHUTDOWN_crash };
	ret = error(xencall2(call, __HYPERVISOR_sched_op, SCHEDOP_remote_shutdown, (uintptr_t)op));
	xencall_free_buffer(call, op);
	return ret;
}

/* No domain in it: the same for all. */
static int host_info(unsigned domid)
{
	struct xen_sysctl op = { .cmd = XEN_SYSCTL_physinfo };

	(void)domid;
	return toolstack_op(__HYPERVISOR_sysctl, &op, sizeof(op));
}

/* --- xenstore --- */

static int write_node(const char *format, unsigned domid)
{
	char path[64];

	snprintf(path, sizeof(path), format, domid);
	return xs_write(xs, XBT_NULL, path, "mine", 4) ? 0 : -errno;
}

static int read_node(unsigned domid)
{
	char path[64], *value;

	snprintf(path, sizeof(path), "/local/domain/%u/memory/target", domid);
	value = xs_read(xs, XBT_NULL, path, NULL);
	if (!value)
		return -errno;
	free(value);
	return 0;
}

static int write_data(unsigned domid)
{
	return write_node("/local/domain/%u/data/unidom", domid);
}

static int write_name(unsigned domid)
{
	return write_node("/local/domain/%u/name", domid);
}

static int write_back_end(unsigned domid)
{
	return write_node("/local/domain/0/backend/vbd/%u/768/params", domid);
}

static int write_libxl(unsigned domid)
{
	return write_node("/libxl/%u/type", domid);
}

static int write_own_target(unsigned domid)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", domid);
	return xs_write(xs, XBT_NULL, "target", text, strlen(text)) ? 0 : -errno;
}

const struct operation operations[] = {
	{ .name = "map memory to read", .run = map_read, .on_target = true },
	{ .name = "map memory to write", .run = map_write, .on_target = true },
	{ .name = "map memory with holes", .run = map_with_holes, .on_target = true },
	{ .name = "size of memory", .run = reservation, .on_target = true },
	{ .name = "add memory", .run = populate, .on_target = true },
	{ .name = "take memory away", .run = take_away, .on_target = true },
	/* That of a guest that has it all for itself is not Xen's business. */
	{ .name = "write a page table", .run = page_table, .refusal = EOPNOTSUPP },
	{ .name = "set an interrupt line", .run = interrupt, .on_target = true, .refusal_dom0 = EINVAL },
	{ .name = "send a message interrupt", .run = message_interrupt, .on_target = true, .refusal_dom0 = EINVAL },
	{ .name = "make an I/O request server", .run = request_server, .on_target = true, .refusal_dom0 = EINVAL },
	{ .name = "map a server's page", .run = resource, .on_target = true },
	{ .name = "read a parameter", .run = get_param, .on_target = true, .refusal_dom0 = EINVAL },
	{ .name = "set a parameter", .run = set_param, .on_target = true, .refusal_dom0 = EINVAL },
	/* A port and a grant are for the one domain they were made for. */
	{ .name = "bind a port", .run = bind, .on_target = true, .refusal = EINVAL },
	{ .name = "map a grant", .run = map_grants, .refusal = EIO },
	{ .name = "status of a port", .run = channel_status, .on_target = true },
	{ .name = "make a port", .run = channel_for_others, .on_target = true },
	{ .name = "size of the grant table", .run = grant_table, .on_target = true },
	{ .name = "pause", .run = pause_domain },
	{ .name = "unpause", .run = unpause_domain },
	{ .name = "destroy", .run = destroy_domain },
	{ .name = "information", .run = domain_info, .on_target = true },
	{ .name = "registers", .run = registers },
	{ .name = "make it our target", .run = other_target, .refusal_dom0 = EOPNOTSUPP },
	{ .name = "shut down", .run = shut_down, .on_target = true },
	{ .name = "information on the host", .run = host_info },
	{ .name = "read a node", .run = read_node, .on_target = true },
	{ .name = "write a node for guests", .run = write_data, .on_target = true },
	{ .name = "write its name", .run = write_name },
	{ .name = "write its back end", .run = write_back_end },
	{ .name = "write libxl's node", .run = write_libxl },
	{ .name = "write our target", .run = write_own_target },
};

const unsigned operation_count = sizeof(operations) / sizeof(operations[0]);
