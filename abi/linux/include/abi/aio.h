/* SPDX-License-Identifier: BSD-3-Clause */
/* io_setup(2) and its siblings. */
#ifndef ABI_AIO_H
#define ABI_AIO_H

#include <stdint.h>

#define IOCB_CMD_PREAD 0
#define IOCB_CMD_PWRITE 1
#define IOCB_CMD_FSYNC 2
#define IOCB_CMD_FDSYNC 3
#define IOCB_CMD_PREADV 7
#define IOCB_CMD_PWRITEV 8

#define IOCB_FLAG_RESFD 1 /* @resfd is an eventfd to signal */

struct iocb {
	uint64_t data; /* comes back in the event */
	uint32_t key; /* the kernel's */
	int32_t rw_flags; /* RWF_* */
	uint16_t opcode;
	int16_t reqprio;
	uint32_t fildes;
	void *buf; /* or with PREADV and PWRITEV the list of buffers */
	uint64_t nbytes; /* its length */
	int64_t offset;
	uint64_t reserved;
	uint32_t flags;
	uint32_t resfd;
};

struct io_event {
	uint64_t data; /* of the iocb */
	struct iocb *obj;
	int64_t res;
	int64_t res2;
};

/* Where a context's address leads: programs may take events from there by themselves. */
struct aio_ring {
	uint32_t id;
	uint32_t nr; /* places for events */
	uint32_t head; /* the next to be taken; the program's as well */
	uint32_t tail; /* the next to be written */
	uint32_t magic;
	uint32_t compat_features;
	uint32_t incompat_features;
	uint32_t header_length;
	struct io_event events[];
};

#define AIO_RING_MAGIC 0xa10a10a1u
#define AIO_RING_COMPAT_FEATURES 1u

#endif
