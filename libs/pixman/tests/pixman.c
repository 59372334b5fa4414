/* SPDX-License-Identifier: BSD-3-Clause */
#include <pixman.h>
#include <stdint.h>
#include <stdlib.h>
#include "lib-test.h"

#define WIDTH 67
#define HEIGHT 9

static uint8_t over(uint8_t source, uint8_t destination, uint8_t alpha)
{
	unsigned t = destination * (255u - alpha) + 128;

	return (uint8_t)(source + ((t + (t >> 8)) >> 8));
}

LIB_TEST("pixman: composite over, every pixel", composite)
{
	static uint32_t source[HEIGHT][WIDTH], destination[HEIGHT][WIDTH], before[HEIGHT][WIDTH];
	pixman_image_t *from, *to;

	for (int y = 0; y < HEIGHT; y++)
		for (int x = 0; x < WIDTH; x++) {
			unsigned alpha = (unsigned)(x * 255 / (WIDTH - 1));

			source[y][x] = alpha << 24 | (alpha / 2) << 16 | (alpha / 3) << 8 | alpha;
			before[y][x] = destination[y][x] = 0xff000000 | (unsigned)(y * 0x1b1b1b & 0xffffff);
		}
	from = pixman_image_create_bits(PIXMAN_a8r8g8b8, WIDTH, HEIGHT, source[0], WIDTH * 4);
	to = pixman_image_create_bits(PIXMAN_a8r8g8b8, WIDTH, HEIGHT, destination[0], WIDTH * 4);
	CHECK(from && to);
	pixman_image_composite32(PIXMAN_OP_OVER, from, NULL, to, 0, 0, 0, 0, 0, 0, WIDTH, HEIGHT);
	for (int y = 0; y < HEIGHT; y++)
		for (int x = 0; x < WIDTH; x++)
			for (int shift = 0; shift < 32; shift += 8) {
				uint8_t s = (uint8_t)(source[y][x] >> shift);
				uint8_t d = (uint8_t)(before[y][x] >> shift);

				CHECK((uint8_t)(destination[y][x] >> shift) == over(s, d, (uint8_t)(source[y][x] >> 24)));
			}
	pixman_image_unref(from);
	pixman_image_unref(to);
	return true;
}

LIB_TEST("pixman: formats and scaling", formats)
{
	static uint32_t wide[16][16];
	static uint16_t narrow[32][32];
	pixman_transform_t half;
	pixman_image_t *from, *to;

	for (int i = 0; i < 256; i++)
		wide[i / 16][i % 16] = i / 16 < 8 ? 0x00ff0000 : 0x000000ff;
	from = pixman_image_create_bits(PIXMAN_x8r8g8b8, 16, 16, wide[0], 64);
	to = pixman_image_create_bits(PIXMAN_r5g6b5, 32, 32, (uint32_t *)(void *)narrow[0], 64);
	CHECK(from && to);
	pixman_transform_init_scale(&half, pixman_fixed_1 / 2, pixman_fixed_1 / 2);
	CHECK(pixman_image_set_transform(from, &half));
	CHECK(pixman_image_set_filter(from, PIXMAN_FILTER_BILINEAR, NULL, 0));
	pixman_image_composite32(PIXMAN_OP_SRC, from, NULL, to, 0, 0, 0, 0, 0, 0, 32, 32);
	CHECK(narrow[4][16] == 0xf800 && narrow[27][16] == 0x001f);
	pixman_image_unref(from);
	pixman_image_unref(to);
	return true;
}

LIB_TEST("pixman: regions", regions)
{
	pixman_region32_t a, b;
	int n;

	pixman_region32_init_rect(&a, 0, 0, 100, 100);
	pixman_region32_init_rect(&b, 25, 25, 50, 50);
	CHECK(pixman_region32_subtract(&a, &a, &b));
	pixman_region32_rectangles(&a, &n);
	CHECK(n == 4 && pixman_region32_contains_point(&a, 10, 50, NULL) && !pixman_region32_contains_point(&a, 50, 50, NULL));
	pixman_region32_fini(&a);
	pixman_region32_fini(&b);
	return true;
}
