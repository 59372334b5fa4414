/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include "lib-test.h"

#define SIZE 1000000

/* Text that compresses a little, not much. */
static void fill(unsigned char *data, size_t size)
{
	unsigned state = 12345;

	for (size_t i = 0; i < size; i++) {
		state = state * 1103515245 + 12345;
		data[i] = (unsigned char)('a' + (state >> 16) % (i % 100 < 50 ? 2 : 26));
	}
}

LIB_TEST("zlib: round trip at every level", round_trip)
{
	unsigned char *data = malloc(SIZE), *packed = malloc(compressBound(SIZE)), *back = malloc(SIZE);

	CHECK(data && packed && back);
	fill(data, SIZE);
	for (int level = 0; level <= 9; level++) {
		uLongf packed_size = compressBound(SIZE), back_size = SIZE;

		CHECK(compress2(packed, &packed_size, data, SIZE, level) == Z_OK);
		CHECK(!level || packed_size < SIZE * 6 / 10);
		memset(back, 0, SIZE);
		CHECK(uncompress(back, &back_size, packed, packed_size) == Z_OK);
		CHECK(back_size == SIZE && !memcmp(data, back, SIZE));
	}
	packed[1000] ^= 1;
	{
		uLongf back_size = SIZE;

		CHECK(uncompress(back, &back_size, packed, compressBound(SIZE)) == Z_DATA_ERROR);
	}
	free(data);
	free(packed);
	free(back);
	return true;
}

LIB_TEST("zlib: checksums", checksums)
{
	CHECK(crc32(0, (const Bytef *)"123456789", 9) == 0xcbf43926);
	CHECK(adler32(1, (const Bytef *)"Wikipedia", 9) == 0x11e60398);
	CHECK(!strcmp(zlibVersion(), ZLIB_VERSION));
	return true;
}

#ifdef CONFIG_LIBZLIB_GZFILE
LIB_TEST("zlib: a gzip file", gzip_file)
{
	static const char name[] = "/tmp-zlib-test.gz";
	char line[64];
	gzFile f = gzopen(name, "wb9");

	CHECK(f);
	for (int i = 0; i < 1000; i++)
		CHECK(gzprintf(f, "line %d\n", i) > 0);
	CHECK(gzclose(f) == Z_OK);
	f = gzopen(name, "rb");
	CHECK(f);
	for (int i = 0; i < 1000; i++)
		CHECK(gzgets(f, line, sizeof(line)) && atoi(line + 5) == i);
	CHECK(!gzgets(f, line, sizeof(line)) && gzeof(f));
	CHECK(gzclose(f) == Z_OK && !unlink(name));
	return true;
}
#endif
