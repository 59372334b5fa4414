/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/errno.h>
#include <core/vmem.h>

#include "internal.h"

/* Append [@p, @p + @len) of one page. Returns 0, 1 if there is no room, or memory of the other kind follows, or -Exxx. */
static int add(struct block_memory *m, char *p, size_t len, bool device_writes)
{
	struct block_vec *last = m->n ? &m->vec[m->n - 1] : NULL;
	void *at;
	int ret = vmem_pin(p, device_writes, &at);

	if (ret < 0)
		return ret;
	bool held = ret, fits = !m->n || m->held == held;

	/* A vector has each page once: so often it is let go. */
	if (last && fits && !((uintptr_t)at & ~PAGE_MASK) && (char *)last->base + last->len == at)
		last->len += len;
	else if (fits && m->n < m->max)
		m->vec[m->n++] = (struct block_vec){ at, len };
	else
		fits = false;
	if (!fits) {
		if (held)
			vmem_unpin(at);
		return 1;
	}
	m->held = held;
	m->bytes += len;
	return 0;
}

/* Let pages from @from on go, behind which nothing before @end is in use. */
static void let_go(uintptr_t from, uintptr_t end)
{
	for (uintptr_t page = from; page < end; page += PAGE_SIZE)
		vmem_unpin((void *)page);
}

/* Take the last @extra bytes off. */
static void cut(struct block_memory *m, size_t extra)
{
	m->bytes -= extra;
	while (extra) {
		struct block_vec *last = &m->vec[m->n - 1];
		uintptr_t base = (uintptr_t)last->base, end = base + last->len;
		size_t n = MIN(extra, last->len);

		last->len -= n;
		extra -= n;
		if (m->held)
			let_go(last->len ? ALIGN_UP(base + last->len, PAGE_SIZE) : base & PAGE_MASK, end);
		m->n -= !last->len;
	}
}

int block_memory_get(struct block_memory *m, struct iov_iter *it, size_t sector, bool device_writes)
{
	struct iov_iter begin = *it;
	int ret = 0;
	size_t len;

	m->n = 0;
	m->bytes = 0;
	for (char *p = iov_peek(it, &len); len && !ret; p = iov_peek(it, &len)) {
		len = MIN(len, PAGE_SIZE - ((uintptr_t)p & ~PAGE_MASK));
		ret = add(m, p, len, device_writes);
		if (!ret)
			iov_advance(it, len);
	}
	cut(m, m->bytes % sector);
	*it = begin;
	iov_advance(it, m->bytes);
	return m->bytes ? 0 : ret < 0 ? ret : -EINVAL;
}

void block_memory_put(struct block_memory *m)
{
	cut(m, m->bytes);
}
