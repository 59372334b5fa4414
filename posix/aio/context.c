/* SPDX-License-Identifier: BSD-3-Clause */
/* io_setup(2), io_destroy(2), and the life of contexts. */
#include <core/alloc.h>
#include <core/string.h>
#include <core/vmem.h>
#include <posix/calls.h>

#include "aio.h"

#define EVENTS_MAX 65536u /* of all contexts, as Linux' aio-max-nr */
#define EVENTS_ABSURD (0x10000000u / sizeof(struct io_event) / 2) /* more than this Linux calls invalid */

static bool context_before(const struct tree_node *a, const struct tree_node *b)
{
	return tree_entry(a, struct aio_context, node)->address < tree_entry(b, struct aio_context, node)->address;
}

static struct tree contexts = TREE_INIT(context_before, NULL);
static unsigned events; /* the limits of all contexts */
static struct spinlock contexts_lock = SPINLOCK_INIT("aio: contexts");

void aio_hold(struct aio_context *ctx)
{
	__atomic_add_fetch(&ctx->refs, 1, __ATOMIC_RELAXED);
}

void aio_put(struct aio_context *ctx)
{
	if (__atomic_sub_fetch(&ctx->refs, 1, __ATOMIC_ACQ_REL))
		return;
	for (unsigned i = 0; i < ctx->npages; i++)
		page_free(ctx->page[i], 0);
	kfree(ctx);
}

struct aio_context *aio_get(uintptr_t address)
{
	struct aio_context *found = NULL;

	spin_lock(&contexts_lock);
	for (struct tree_node *n = contexts.root; n && !found;) {
		struct aio_context *ctx = tree_entry(n, struct aio_context, node);

		if (ctx->address == address)
			found = ctx;
		n = address < ctx->address ? n->left : n->right;
	}
	if (found)
		aio_hold(found);
	spin_unlock(&contexts_lock);
	return found;
}

static int ring_page(void *object, uint64_t offset, void **page, bool *shared)
{
	struct aio_context *ctx = object;

	if (offset / PAGE_SIZE >= ctx->npages)
		return -EIO;
	*page = ctx->page[offset / PAGE_SIZE];
	*shared = true;
	return 0;
}

static void ring_ref(void *object)
{
	aio_hold(object);
}

static void ring_unref(void *object)
{
	aio_put(object);
}

static const struct vmem_pager ring_pager = { ring_page, ring_ref, ring_unref };

/* A context with its pages, or NULL. */
static struct aio_context *make(unsigned limit)
{
	unsigned npages = DIV_ROUND_UP(sizeof(struct aio_ring) + (limit + 1) * sizeof(struct io_event), PAGE_SIZE);
	struct aio_context *ctx = kzalloc(sizeof(*ctx) + npages * sizeof(ctx->page[0]));

	if (!ctx)
		return NULL;
	ctx->refs = 1;
	ctx->limit = limit;
	ctx->places = limit + 1;
	spinlock_init(&ctx->lock, "aio: a context's requests and events");
	waitq_init(&ctx->wait);
	for (; ctx->npages < npages; ctx->npages++) {
		ctx->page[ctx->npages] = page_alloc_zero();
		if (!ctx->page[ctx->npages]) {
			aio_put(ctx);
			return NULL;
		}
	}
	aio_ring_init(ctx);
	return ctx;
}

/* Let the program see the ring, and find the context. 0 or -Exxx. */
static int show(struct aio_context *ctx)
{
	struct vmem_map_args args = { .size = ctx->npages * PAGE_SIZE,
		                      .prot = VMEM_READ | VMEM_WRITE,
		                      .pager = &ring_pager,
		                      .object = ctx,
		                      .name = "[aio]" };

	aio_hold(ctx);
	long address = vmem_map(&args);

	if (address < 0 && address >= -4095) {
		aio_put(ctx);
		return (int)address;
	}
	ctx->address = address;
	spin_lock(&contexts_lock);
	tree_insert(&contexts, &ctx->node);
	spin_unlock(&contexts_lock);
	return 0;
}

/* Take @n of the events that there may be. */
static bool reserve(unsigned n)
{
	spin_lock(&contexts_lock);
	bool ok = n <= EVENTS_MAX - events;

	if (ok)
		events += n;
	spin_unlock(&contexts_lock);
	return ok;
}

static void give_back(unsigned n)
{
	spin_lock(&contexts_lock);
	events -= n;
	spin_unlock(&contexts_lock);
}

long sys_io_setup(unsigned n, unsigned long *address)
{
	if (!address)
		return -EFAULT;
	if (*address || !n || n > EVENTS_ABSURD)
		return -EINVAL;
	if (!reserve(n))
		return -EAGAIN;
	struct aio_context *ctx = make(n);
	int ret = ctx ? show(ctx) : -ENOMEM;

	if (ret) {
		if (ctx)
			aio_put(ctx);
		give_back(n);
		return ret;
	}
	*address = ctx->address;
	return 0;
}

/* No new request finds it, and those that wait for events end. False if somebody else did that. */
static bool retire(struct aio_context *ctx)
{
	spin_lock(&contexts_lock);
	bool mine = !ctx->dead;

	if (mine) {
		ctx->dead = true;
		tree_remove(&contexts, &ctx->node);
	}
	spin_unlock(&contexts_lock);
	return mine;
}

long sys_io_destroy(unsigned long address)
{
	struct aio_context *ctx = aio_get(address);

	if (!ctx)
		return -EINVAL;
	if (!retire(ctx)) {
		aio_put(ctx);
		return -EINVAL;
	}
	waitq_wake(&ctx->wait, ~0u);
	wait_event(&ctx->wait, !READ_ONCE(ctx->on_way));
	vmem_unmap(ctx->address, ctx->npages * PAGE_SIZE);
	give_back(ctx->limit);
	aio_close_files();
	aio_put(ctx); /* the one of aio_get() */
	aio_put(ctx); /* that of io_setup() */
	return 0;
}
