/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Copies between a buffer and lists of pieces, against the same on one flat buffer.
 * sources: core/vfs/iov.c
 */
#include <core/errno.h>
#include <core/iov.h>
#include <core/string.h>

#include "../fuzz.h"

#define PIECES_MAX 8
#define FLAT_MAX (PIECES_MAX * 256)

static uint8_t *pieces[PIECES_MAX];
static struct iovec iov[PIECES_MAX];
static uint8_t flat[FLAT_MAX], buffer[FLAT_MAX];

static size_t make(struct input *in, int n)
{
	size_t sum = 0;

	for (int i = 0; i < n; i++) {
		size_t len = take8(in);

		pieces[i] = malloc(len ? len : 1);
		memset(pieces[i], i, len);
		memset(flat + sum, i, len);
		iov[i] = (struct iovec){ pieces[i], len };
		sum += len;
	}
	return sum;
}

static void step(struct input *in, struct iov_iter *it, size_t sum)
{
	size_t at = sum - it->left, n = take16(in) % FLAT_MAX, want = MIN(n, it->left);

	switch (take8(in) % 4) {
	case 0:
		memset(buffer, take8(in), n);
		CHECK_EQ(iov_put(it, buffer, n), want);
		memcpy(flat + at, buffer, want);
		break;
	case 1:
		CHECK_EQ(iov_get(it, buffer, n), want);
		CHECK(!memcmp(buffer, flat + at, want));
		break;
	case 2:
		CHECK_EQ(iov_zero(it, n), want);
		memset(flat + at, 0, want);
		break;
	default:
		iov_advance(it, want);
	}
	CHECK_EQ(it->left, sum - at - want);
}

/* Lengths that a program may give: they are refused or added up without an overflow. */
static void lengths(struct input *in, int n)
{
	struct iov_iter it;

	for (int i = 0; i < n; i++)
		iov[i] = (struct iovec){ NULL, (size_t)take32(in) << 32 | take32(in) };
	int ret = iov_init(&it, iov, n);
	unsigned __int128 sum = 0;

	for (int i = 0; i < n; i++)
		sum += iov[i].iov_len;
	CHECK_EQ(ret, sum > INT64_MAX ? -EINVAL : 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	int n = take8(&in) % (PIECES_MAX + 1);
	struct iov_iter it;
	size_t sum = make(&in, n), at = 0;

	CHECK_EQ(iov_init(&it, iov, n), 0);
	CHECK_EQ(it.left, sum);
	while (in.left && it.left)
		step(&in, &it, sum);
	for (int i = 0; i < n; i++) {
		CHECK(!memcmp(pieces[i], flat + at, iov[i].iov_len));
		at += iov[i].iov_len;
		free(pieces[i]);
	}
	lengths(&in, n);
	return 0;
}
