/* SPDX-License-Identifier: BSD-3-Clause */
/* xengnttab_grant_copy(): the hypervisor copies to or from granted pages. Segments that cross pages of ours are cut there. */
#include <string.h>
#include <unistd.h>

#include "private.h"
#include "glue.h"
#include "kernel.h"

#define BATCH 16
#define AGAIN_US 1000
#define AGAIN_MAX 256

struct batch {
	unsigned count;
	struct gnttab_copy ops[BATCH];
	xengnttab_grant_copy_segment_t *segs[BATCH];
};

static long copy(struct gnttab_copy *ops, unsigned count)
{
	return xen_hypercall(__HYPERVISOR_grant_table_op, GNTTABOP_copy, (unsigned long)ops, count, 0, 0);
}

/* GNTST_eagain: the other domain's pager has put the page aside. Nobody tells when it is back. */
static long copy_again(struct gnttab_copy *op)
{
	long ret = 0;

	for (unsigned i = 0; i < AGAIN_MAX && !ret && op->status == GNTST_eagain; i++) {
		usleep(AGAIN_US);
		ret = copy(op, 1);
	}
	if (op->status == GNTST_eagain)
		op->status = GNTST_bad_page;
	return ret;
}

static long flush(struct batch *b)
{
	long ret = b->count ? copy(b->ops, b->count) : 0;

	for (unsigned i = 0; i < b->count && !ret; i++) {
		if (b->ops[i].status == GNTST_eagain)
			ret = copy_again(&b->ops[i]);
		if (b->segs[i]->status == GNTST_okay)
			b->segs[i]->status = b->ops[i].status;
	}
	b->count = 0;
	return ret;
}

/* One side of a copy, @done bytes into the segment; cuts *@len at the end of a page of ours. */
static int fill(struct gnttab_copy_ptr *p, const union xengnttab_copy_ptr *side, bool granted, bool write, size_t done,
                size_t *len)
{
	char *addr;
	uint64_t frame;
	size_t left;
	int ret;

	if (granted) {
		p->u.ref = side->foreign.ref;
		p->domid = side->foreign.domid;
		p->offset = (uint16_t)(side->foreign.offset + done);
		return 0;
	}
	addr = (char *)side->virt + done;
	ret = xen_privcmd_frame(addr, write, &frame);
	if (ret)
		return ret;
	p->u.gmfn = frame;
	p->domid = DOMID_SELF;
	p->offset = (uint16_t)((uintptr_t)addr % GLUE_PAGE_SIZE);
	left = GLUE_PAGE_SIZE - p->offset;
	if (*len > left)
		*len = left;
	return 0;
}

static bool is_valid(const xengnttab_grant_copy_segment_t *seg)
{
	bool from = seg->flags & GNTCOPY_source_gref, to = seg->flags & GNTCOPY_dest_gref;

	if (from && seg->source.foreign.offset + (size_t)seg->len > GLUE_PAGE_SIZE)
		return false;
	if (to && seg->dest.foreign.offset + (size_t)seg->len > GLUE_PAGE_SIZE)
		return false;
	return from || to;
}

static long add(struct batch *b, xengnttab_grant_copy_segment_t *seg)
{
	long ret = is_valid(seg) ? 0 : -EINVAL;
	size_t len;

	seg->status = GNTST_okay;
	for (size_t done = 0; done < seg->len && !ret; done += len) {
		struct gnttab_copy *op = &b->ops[b->count];

		memset(op, 0, sizeof(*op));
		len = seg->len - done;
		ret = fill(&op->source, &seg->source, seg->flags & GNTCOPY_source_gref, false, done, &len);
		if (!ret)
			ret = fill(&op->dest, &seg->dest, seg->flags & GNTCOPY_dest_gref, true, done, &len);
		if (ret)
			break;
		op->len = (uint16_t)len;
		op->flags = seg->flags;
		b->segs[b->count++] = seg;
		if (b->count == BATCH)
			ret = flush(b);
	}
	return ret;
}

int osdep_gnttab_grant_copy(xengnttab_handle *xgt, uint32_t count, xengnttab_grant_copy_segment_t *segs)
{
	struct batch b = { .count = 0 };
	long ret = 0;

	if (xentools_token_check(xgt->fd))
		return -1;
	for (uint32_t i = 0; i < count && !ret; i++)
		ret = add(&b, &segs[i]);
	if (!ret)
		ret = flush(&b);
	ret = xentools_result(ret);
	if (ret)
		GTERROR(xgt->logger, "grant copy failed");
	return (int)ret;
}
