/* SPDX-License-Identifier: BSD-3-Clause */
/* The small things that a stack wants of the kernel. */
#include <core/alloc.h>
#include <core/iov.h>
#include <core/log.h>
#include <core/netstack.h>
#include <core/random.h>
#include <core/time.h>

void *netstack_alloc(size_t size)
{
	return kmalloc(size);
}

void netstack_free(void *p)
{
	kfree(p);
}

uint32_t netstack_now(void)
{
	return (uint32_t)(time_monotonic() / NSEC_PER_MSEC);
}

uint32_t netstack_random(void)
{
	uint32_t r;

	random_bytes(&r, sizeof(r));
	return r;
}

void netstack_wake(struct netstack_user *user, unsigned events)
{
	waitq_wake(&user->wait, events);
}

const void *netstack_peek(struct netstack_transfer *t, size_t *len)
{
	return iov_peek(t->it, len);
}

void netstack_advance(struct netstack_transfer *t, size_t n)
{
	iov_advance(t->it, n);
}

size_t netstack_put(struct netstack_transfer *t, const void *buf, size_t n)
{
	return iov_put(t->it, buf, n);
}

size_t netstack_get(struct netstack_transfer *t, void *buf, size_t n)
{
	return iov_get(t->it, buf, n);
}

void netstack_log(const char *line)
{
	pr_info("%s", line);
}

void netstack_fatal(const char *what, const char *file, int line)
{
	panic("%s:%d: the network stack: %s", file, line, what);
}
