/* SPDX-License-Identifier: BSD-3-Clause */
/* libxendevicemodel: dm_op hypercalls over copies of the caller's buffers, which may have no pages behind them yet. */
#include <string.h>
#include <sys/mman.h>

#include "private.h"
#include "glue.h"
#include "kernel.h"

#define MAX_BUFS 4
#define SMALL 1024

int osdep_xendevicemodel_open(xendevicemodel_handle *dmod)
{
	dmod->fd = XENTOOLS_ANY_DOMAIN;
	return 0;
}

int osdep_xendevicemodel_close(xendevicemodel_handle *dmod)
{
	dmod->fd = -1;
	return 0;
}

int osdep_xendevicemodel_restrict(xendevicemodel_handle *dmod, domid_t domid)
{
	return xentools_domain_restrict(&dmod->fd, domid);
}

static size_t round_size(size_t size)
{
	return (size + 15) & ~(size_t)15;
}

static long dm_op(domid_t domid, unsigned count, struct xendevicemodel_buf bufs[], char *copy)
{
	xen_dm_op_buf_t ops[MAX_BUFS];
	long ret;

	memset(ops, 0, sizeof(ops));
	for (unsigned i = 0; i < count; i++) {
		memcpy(copy, bufs[i].ptr, bufs[i].size);
		set_xen_guest_handle_raw(ops[i].h, copy);
		ops[i].size = bufs[i].size;
		copy += round_size(bufs[i].size);
	}
	ret = xen_hypercall(__HYPERVISOR_dm_op, domid, count, (unsigned long)ops, 0, 0);
	for (unsigned i = 0; i < count && ret >= 0; i++)
		memcpy(bufs[i].ptr, ops[i].h.p, bufs[i].size);
	return ret;
}

int osdep_xendevicemodel_op(xendevicemodel_handle *dmod, domid_t domid, unsigned int count, struct xendevicemodel_buf bufs[])
{
	char small[SMALL] __attribute__((aligned(16)));
	char *copy = small;
	size_t size = 0;
	long ret;

	if (xentools_domain_check(dmod->fd, domid))
		return -1;
	if (count > MAX_BUFS)
		return (int)xentools_result(-E2BIG);
	for (unsigned i = 0; i < count; i++)
		size += round_size(bufs[i].size);
	if (size > sizeof(small))
		copy = xentools_alloc_pages(size);
	if (!copy)
		return -1;
	ret = dm_op(domid, count, bufs, copy);
	if (copy != small)
		munmap(copy, size);
	return (int)xentools_result(ret);
}
