/* SPDX-License-Identifier: BSD-3-Clause */
/* The ring of events, and io_getevents(2). */
#include <abi/poll.h>
#include <core/time.h>
#include <posix/calls.h>

#include "aio.h"

static struct aio_ring *header(struct aio_context *ctx)
{
	return ctx->page[0];
}

/* Events do not cross pages: the header is as long as one. */
static struct io_event *place(struct aio_context *ctx, unsigned i)
{
	size_t at = sizeof(struct aio_ring) + i * sizeof(struct io_event);
	struct io_event *first = ctx->page[at / PAGE_SIZE];

	return first + at % PAGE_SIZE / sizeof(*first);
}

_Static_assert(sizeof(struct aio_ring) == sizeof(struct io_event) && PAGE_SIZE % sizeof(struct io_event) == 0,
               "an event lies in one page");

void aio_ring_init(struct aio_context *ctx)
{
	*header(ctx) = (struct aio_ring){ .nr = ctx->places,
		                          .magic = AIO_RING_MAGIC,
		                          .compat_features = AIO_RING_COMPAT_FEATURES,
		                          .header_length = sizeof(struct aio_ring) };
}

/* Where the next event is that was not taken. The program writes this, too: within the ring whatever it is. */
static unsigned head_of(struct aio_context *ctx)
{
	return READ_ONCE(header(ctx)->head) % ctx->places;
}

/* Events in the ring. */
static unsigned count(struct aio_context *ctx)
{
	return (ctx->tail + ctx->places - head_of(ctx)) % ctx->places;
}

bool aio_begin(struct aio_context *ctx)
{
	spin_lock(&ctx->lock);
	bool ok = ctx->on_way + count(ctx) < ctx->limit;

	ctx->on_way += ok;
	spin_unlock(&ctx->lock);
	return ok;
}

void aio_end(struct aio_context *ctx, const struct io_event *event)
{
	spin_lock(&ctx->lock);
	*place(ctx, ctx->tail) = *event;
	ctx->tail = (ctx->tail + 1) % ctx->places;
	__atomic_store_n(&header(ctx)->tail, ctx->tail, __ATOMIC_RELEASE);
	ctx->on_way--;
	spin_unlock(&ctx->lock);
	waitq_wake(&ctx->wait, POLLIN);
}

/* The oldest event; false if there is none. */
static bool take(struct aio_context *ctx, struct io_event *out)
{
	spin_lock(&ctx->lock);
	bool ok = count(ctx);

	if (ok) {
		unsigned head = head_of(ctx);

		*out = *place(ctx, head);
		WRITE_ONCE(header(ctx)->head, (head + 1) % ctx->places);
	}
	spin_unlock(&ctx->lock);
	return ok;
}

static long take_all(struct aio_context *ctx, long max, struct io_event *out)
{
	struct io_event event;
	long n = 0;

	while (n < max && take(ctx, &event))
		out[n++] = event;
	return n;
}

/* Until there are @min events, or the time is over, or a signal comes. */
static long collect(struct aio_context *ctx, long min, long max, struct io_event *out, bool wait, uint64_t deadline)
{
	long n = take_all(ctx, max, out);

	while (n < min && wait && !READ_ONCE(ctx->dead)) {
		int ret = wait_event_full(&ctx->wait, count(ctx) || READ_ONCE(ctx->dead), deadline, true);

		n += take_all(ctx, max - n, out + n);
		if (ret)
			return n || ret == -ETIMEDOUT ? n : ret;
	}
	return !n && READ_ONCE(ctx->dead) ? -EINVAL : n;
}

long sys_io_getevents(unsigned long address, long min, long max, struct io_event *out, const struct timespec *timeout)
{
	uint64_t deadline = DEADLINE_NEVER;
	bool wait = true;

	if (timeout) {
		struct timespec ts = *timeout;

		if (!time_is_valid(&ts))
			return -EINVAL;
		wait = ts.tv_sec || ts.tv_nsec;
		deadline = deadline_after(time_monotonic(), time_of_timespec(&ts));
	}
	struct aio_context *ctx = aio_get(address);

	if (!ctx)
		return -EINVAL;
	long ret = -EINVAL;

	if (min >= 0 && min <= max)
		ret = max && !out ? -EFAULT : collect(ctx, min, max, out, wait, deadline);
	aio_put(ctx);
	return ret;
}

/* Nothing that can be asked for can be called back. */
long sys_io_cancel(unsigned long address, struct iocb *iocb, struct io_event *result __unused)
{
	struct aio_context *ctx;

	if (!iocb)
		return -EFAULT;
	ctx = aio_get(address);
	if (ctx)
		aio_put(ctx);
	return -EINVAL;
}
