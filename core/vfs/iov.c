/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/errno.h>
#include <core/iov.h>
#include <core/string.h>

int iov_init(struct iov_iter *it, const struct iovec *iov, int n)
{
	size_t sum = 0;

	for (int i = 0; i < n; i++) {
		if (iov[i].iov_len > (size_t)INT64_MAX - sum)
			return -EINVAL;
		sum += iov[i].iov_len;
	}
	it->iov = iov;
	it->offset = 0;
	it->left = sum;
	it->append = IOV_APPEND_AS_OPENED;
	return 0;
}

void *iov_peek(struct iov_iter *it, size_t *len)
{
	if (!it->left) {
		*len = 0;
		return NULL;
	}
	while (it->offset == it->iov->iov_len) {
		it->iov++;
		it->offset = 0;
	}
	*len = MIN(it->iov->iov_len - it->offset, it->left);
	return (char *)it->iov->iov_base + it->offset;
}

void iov_advance(struct iov_iter *it, size_t n)
{
	while (n) {
		size_t len, step;

		iov_peek(it, &len);
		step = MIN(len, n);
		it->offset += step;
		it->left -= step;
		n -= step;
	}
}

size_t iov_put(struct iov_iter *it, const void *buf, size_t n)
{
	size_t done = 0;

	n = MIN(n, it->left);
	while (done < n) {
		size_t len;
		void *p = iov_peek(it, &len);

		len = MIN(len, n - done);
		memcpy(p, (const char *)buf + done, len);
		it->offset += len;
		it->left -= len;
		done += len;
	}
	return done;
}

size_t iov_get(struct iov_iter *it, void *buf, size_t n)
{
	size_t done = 0;

	n = MIN(n, it->left);
	while (done < n) {
		size_t len;
		const void *p = iov_peek(it, &len);

		len = MIN(len, n - done);
		memcpy((char *)buf + done, p, len);
		it->offset += len;
		it->left -= len;
		done += len;
	}
	return done;
}

size_t iov_zero(struct iov_iter *it, size_t n)
{
	size_t done = 0;

	n = MIN(n, it->left);
	while (done < n) {
		size_t len;
		void *p = iov_peek(it, &len);

		len = MIN(len, n - done);
		memset(p, 0, len);
		it->offset += len;
		it->left -= len;
		done += len;
	}
	return done;
}
