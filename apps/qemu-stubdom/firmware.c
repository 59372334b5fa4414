/* SPDX-License-Identifier: BSD-3-Clause */
#include "firmware.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "unpack.h"

#define CHUNK 16384

extern const unsigned char firmware_start[], firmware_end[];

static int inflate_all(z_stream *z, struct unpack *u)
{
	static char chunk[CHUNK];
	int ret = Z_OK;

	while (ret == Z_OK) {
		z->next_out = (unsigned char *)chunk;
		z->avail_out = sizeof(chunk);
		ret = inflate(z, Z_NO_FLUSH);
		if (ret != Z_OK && ret != Z_STREAM_END) {
			fprintf(stderr, "firmware: damaged archive: %s\n", z->msg ? z->msg : "truncated");
			return -1;
		}
		if (unpack_feed(u, chunk, sizeof(chunk) - z->avail_out)) {
			fprintf(stderr, "firmware: cannot unpack: %s\n", strerror(errno));
			return -1;
		}
	}
	return 0;
}

int firmware_unpack(void)
{
	z_stream z = { .next_in = (unsigned char *)firmware_start, .avail_in = firmware_end - firmware_start };
	struct unpack u;

	if (inflateInit2(&z, 31) != Z_OK) {
		fprintf(stderr, "firmware: no memory to unpack\n");
		return -1;
	}
	unpack_start(&u);
	int ret = inflate_all(&z, &u);

	inflateEnd(&z);
	if (!ret && !unpack_done(&u)) {
		fprintf(stderr, "firmware: truncated archive\n");
		ret = -1;
	}
	return ret;
}
