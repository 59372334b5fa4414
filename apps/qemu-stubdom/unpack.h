/* SPDX-License-Identifier: BSD-3-Clause */
/* Unpacking a cpio archive (newc) that arrives in pieces. */
#ifndef UNPACK_H
#define UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct unpack {
	char buffer[512]; /* header, then name, as far as they arrived */
	size_t have, want;
	enum { UNPACK_HEADER, UNPACK_NAME, UNPACK_DATA, UNPACK_PADDING, UNPACK_END } state;
	uint32_t mode, data_left, padding;
	int fd; /* file that receives data, or -1 */
};

void unpack_start(struct unpack *u);
/* Returns 0, or -1 with errno: EINVAL for bytes that are no archive, or what the file system said. */
int unpack_feed(struct unpack *u, const char *data, size_t size);
/* Did the archive end properly? */
bool unpack_done(const struct unpack *u);

#endif
