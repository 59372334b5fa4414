/* SPDX-License-Identifier: BSD-3-Clause */
/* The other side's view of a split virtqueue, for tests that play the device. */
#ifndef TESTS_QUEUE_END_H
#define TESTS_QUEUE_END_H

#include <stdint.h>

struct desc {
	uint64_t address;
	uint32_t length;
	uint16_t flags, next;
};

struct end {
	struct desc *desc;
	uint16_t *avail, *used;
	unsigned size;
	uint16_t seen; /* of @avail, so far */
	unsigned sent; /* by the test, so far */
};

#endif
