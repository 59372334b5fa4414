/* SPDX-License-Identifier: BSD-3-Clause */
/* What the product uses of libxenvchan; a target is the other end. */
#ifndef FUZZ_LIBXENVCHAN_H
#define FUZZ_LIBXENVCHAN_H

#include <stddef.h>
#include <stdint.h>

struct ring_shared {
	uint32_t cons, prod;
};

struct libxenvchan_ring {
	struct ring_shared *shr;
	int order; /* 1 << order bytes */
};

struct libxenvchan {
	struct libxenvchan_ring read, write;
	int blocking;
};

struct libxenvchan *libxenvchan_server_init(void *logger, int domain, const char *path, size_t read_min, size_t write_min);
void libxenvchan_close(struct libxenvchan *v);
int libxenvchan_data_ready(struct libxenvchan *v);
int libxenvchan_buffer_space(struct libxenvchan *v);
int libxenvchan_read(struct libxenvchan *v, void *data, size_t size);
int libxenvchan_write(struct libxenvchan *v, const void *data, size_t size);
int libxenvchan_is_open(struct libxenvchan *v);
int libxenvchan_wait(struct libxenvchan *v);
int libxenvchan_fd_for_select(struct libxenvchan *v);

#endif
