/* SPDX-License-Identifier: BSD-3-Clause */
/* Data of files and entries of directories. */
#include <core/errno.h>

#include "calls.h"

#define ENTRIES_SIZE 4072u /* of one reply: less than what P9_SIZE_MIN leaves */

_Static_assert(ENTRIES_SIZE <= P9_SIZE_MIN - P9_DATA_HEADER, "the smallest message must hold it");

/* Begin a request for as many of *@n bytes as a message may carry, and fewer while memory is short. */
static int begin_some(struct p9_call *c, struct p9_session *s, uint8_t type, size_t *n)
{
	size_t most = s->size_max - P9_DATA_HEADER;
	bool write = type == P9_WRITE;
	int ret;

	if (most > PAGE_SIZE)
		most = ALIGN_DOWN(most, PAGE_SIZE);
	*n = MIN(*n, most);
	while ((ret = p9_call_begin(c, s, type, 4 + 8 + 4 + (write ? *n : 0), 4 + (write ? 0 : *n))) == -ENOMEM &&
	       *n > PAGE_SIZE)
		*n = MAX(*n / 2, PAGE_SIZE);
	return ret;
}

static void put_place(struct p9_call *c, struct p9_fid *fid, uint64_t offset, size_t n)
{
	p9_put32(&c->out, fid->number);
	p9_put64(&c->out, offset);
	p9_put32(&c->out, (uint32_t)n);
}

ssize_t p9_read(struct p9_fid *fid, uint64_t offset, struct iov_iter *it, bool *whole)
{
	struct p9_call c;
	size_t n = it->left, got = 0;
	int ret = begin_some(&c, fid->session, P9_READ, &n);

	if (ret)
		return ret;
	put_place(&c, fid, offset, n);
	ret = p9_call_send(&c);
	if (!ret) {
		got = p9_get32(&c.in);
		const void *data = p9_get_space(&c.in, got);

		if (got > n)
			c.in.bad = true;
		else if (data)
			iov_put(it, data, got);
	}
	ret = p9_call_end(&c, ret);
	*whole = got == n;
	return ret ? ret : (ssize_t)got;
}

ssize_t p9_write(struct p9_fid *fid, uint64_t offset, struct iov_iter *it, bool *whole)
{
	struct p9_call c;
	size_t n = it->left, done = 0;
	int ret = begin_some(&c, fid->session, P9_WRITE, &n);

	if (ret)
		return ret;
	put_place(&c, fid, offset, n);
	void *data = p9_put_space(&c.out, n);

	if (data)
		iov_get(it, data, n);
	ret = p9_call_send(&c);
	if (!ret) {
		done = p9_get32(&c.in);
		if (done > n)
			c.in.bad = true;
	}
	ret = p9_call_end(&c, ret);
	*whole = done == n;
	return ret ? ret : (ssize_t)done;
}

int p9_readdir(struct p9_fid *fid, uint64_t offset, p9_entry_fn fn, void *arg, unsigned *count)
{
	struct p9_entry e = { .next = offset };
	struct p9_call c;
	int ret = p9_call_begin(&c, fid->session, P9_READDIR, 4 + 8 + 4, 4 + ENTRIES_SIZE);

	*count = 0;
	if (ret)
		return ret;
	put_place(&c, fid, offset, ENTRIES_SIZE);
	ret = p9_call_send(&c);
	if (!ret) {
		size_t size = p9_get32(&c.in);

		if (size > c.in.left)
			c.in.bad = true;
		c.in.left = MIN(c.in.left, size);
		while (!ret && p9_get_entry(&c.in, &e)) {
			++*count;
			ret = fn(arg, &e);
		}
		/* One that does not advance would give the same entries for ever. */
		if (!ret && *count && e.next == offset)
			c.in.bad = true;
	}
	return p9_call_end(&c, ret);
}
