/* SPDX-License-Identifier: BSD-3-Clause */
/* readv(2), writev(2): struct iovec. */
#ifndef ABI_IOVEC_H
#define ABI_IOVEC_H

#include <stddef.h>

#define IOV_MAX 1024

struct iovec {
	void *iov_base;
	size_t iov_len;
};

#endif
