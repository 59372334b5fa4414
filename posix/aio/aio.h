/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by the files of posix/aio only. */
#ifndef POSIX_AIO_AIO_H
#define POSIX_AIO_AIO_H

#include <abi/aio.h>
#include <core/base.h>
#include <core/sched.h>
#include <core/tree.h>

/*
 * A context: requests on their way, and a ring of events of those that are done, which the program sees at the context's address. The ring's
 * pages are the kernel's as long as the context or the program's mapping lives; what the program writes there is only believed for @head, and
 * that within the ring.
 */
struct aio_context {
	struct tree_node node; /* among all, by address, under contexts_lock */
	unsigned refs; /* one until io_destroy(); callers, requests, mappings */
	uintptr_t address;
	unsigned limit; /* requests on their way and events that were not taken */
	unsigned places; /* in the ring, one more than @limit: one is always free */
	bool dead; /* io_destroy() was called; written under contexts_lock */
	struct spinlock lock; /* all below, and the ring */
	unsigned on_way;
	unsigned tail;
	struct waitq wait; /* for events, and for @on_way == 0 */
	unsigned npages;
	void *page[]; /* of the ring, direct-mapped */
};

/* context.c */

/* The context at @address with a reference of the caller's, or NULL. */
struct aio_context *aio_get(uintptr_t address);
/* Drop a reference. Any context. */
void aio_put(struct aio_context *ctx);
/* Another one. Any context. */
void aio_hold(struct aio_context *ctx);

/* events.c: the ring */

/* Clear the ring. */
void aio_ring_init(struct aio_context *ctx);
/* Room for the event of one more request: it is on its way. False: there is none. */
bool aio_begin(struct aio_context *ctx);
/* A request is done. Any context. */
void aio_end(struct aio_context *ctx, const struct io_event *event);

/* submit.c */

/* Close the files to which requests that are done had the last reference. Thread context. */
void aio_close_files(void);

#endif
