/* SPDX-License-Identifier: BSD-3-Clause */
/* The structures of io_submit(2), for which the C library has no header. */
#ifndef DEVICE_TEST_AIO_H
#define DEVICE_TEST_AIO_H

#include <stdint.h>

enum { PREAD, PWRITE, FSYNC, FDSYNC, PREADV = 7 };

struct cb {
	uint64_t data;
	uint32_t key;
	int32_t rw_flags;
	uint16_t opcode;
	int16_t priority;
	uint32_t fd;
	uint64_t buf;
	uint64_t nbytes;
	int64_t offset;
	uint64_t reserved;
	uint32_t flags;
	uint32_t resfd;
};

struct event {
	uint64_t data, obj;
	int64_t res, res2;
};

#endif
