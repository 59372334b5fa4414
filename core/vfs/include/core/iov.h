/* SPDX-License-Identifier: BSD-3-Clause */
/* A cursor over a list of memory pieces, for reads and writes. User memory is plain memory here: copies may fault it in. */
#ifndef CORE_IOV_H
#define CORE_IOV_H

#include <abi/iovec.h>
#include <core/base.h>

/* Where a write to a regular file goes. */
enum iov_append {
	IOV_APPEND_AS_OPENED, /* at the end if the file has O_APPEND */
	IOV_APPEND_NEVER, /* at its position, O_APPEND or not */
	IOV_APPEND_ALWAYS, /* at the end */
};

struct iov_iter {
	const struct iovec *iov; /* the current piece */
	size_t offset; /* into it */
	size_t left; /* bytes left in all pieces */
	enum iov_append append; /* as opened, unless set after iov_init() or iov_single() */
};

/* Start at the first of @n pieces. Returns 0, or -EINVAL when the sum of the lengths overflows ssize_t. */
int iov_init(struct iov_iter *it, const struct iovec *iov, int n);

/* The contiguous memory at the cursor; *@len is its length, 0 at the end. Does not move. */
void *iov_peek(struct iov_iter *it, size_t *len);
/* Move by @n <= left bytes. */
void iov_advance(struct iov_iter *it, size_t n);

/* Copy min(@n, left) bytes between @buf and the pieces, and move. Return the count. */
size_t iov_put(struct iov_iter *it, const void *buf, size_t n);
size_t iov_get(struct iov_iter *it, void *buf, size_t n);
/* Write min(@n, left) zero bytes. Returns the count. */
size_t iov_zero(struct iov_iter *it, size_t n);

/* One buffer as an iterator; @vec must live as long. */
static inline void iov_single(struct iov_iter *it, struct iovec *vec, void *buf, size_t len)
{
	vec->iov_base = buf;
	vec->iov_len = len;
	it->iov = vec;
	it->offset = 0;
	it->left = len;
	it->append = IOV_APPEND_AS_OPENED;
}

#endif
