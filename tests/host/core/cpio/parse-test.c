/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The cpio parser on good, cut and damaged archives. Each input is copied to memory of exactly its size, so that the address
 * sanitizer sees any read behind it.
 * sources: core/cpio/parse.c tests/host/stubs/alloc.c tests/host/stubs/sched.c
 */
#include <core/cpio.h>
#include <core/errno.h>
#include <core/string.h>

#include "../../host.h"

static char archive[8192];
static size_t used;

static void pad(void)
{
	while (used % 4)
		archive[used++] = 0;
}

static void add(const char *name, unsigned mode, const char *data)
{
	size_t n = strlen(data);

	used += snprintf(archive + used, sizeof(archive) - used, "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x",
	                 7, mode, 1, 2, 1, 1234, (unsigned)n, 8, 1, 4, 64, (unsigned)strlen(name) + 1, 0);
	memcpy(archive + used, name, strlen(name) + 1);
	used += strlen(name) + 1;
	pad();
	memcpy(archive + used, data, n);
	used += n;
	pad();
}

static void make_archive(void)
{
	used = 0;
	add("dir", 040755, "");
	add("dir/file", 0100644, "hello");
	add("link", 0120777, "dir/file");
	add("TRAILER!!!", 0, "");
}

/* Read all of a copy; returns the number of entries or the error. */
static int read_all(const void *data, size_t size)
{
	char *copy = malloc(size ? size : 1);
	struct cpio_reader r;
	struct cpio_entry e;
	int n = 0, ret;

	memcpy(copy, data, size);
	cpio_init(&r, copy, size);
	while ((ret = cpio_next(&r, &e)) == 1) {
		volatile char sum = 0;

		n++;
		for (size_t i = 0; i < e.size; i++)
			sum += ((const char *)e.data)[i];
		sum += strlen(e.name);
	}
	CHECK(r.offset <= size);
	free(copy);
	return ret ? ret : n;
}

static void test_good(void)
{
	struct cpio_reader r;
	struct cpio_entry e;

	make_archive();
	cpio_init(&r, archive, used);
	CHECK_EQ(cpio_next(&r, &e), 1);
	CHECK(!strcmp(e.name, "dir") && e.mode == 040755 && !e.size);
	CHECK_EQ(cpio_next(&r, &e), 1);
	CHECK(!strcmp(e.name, "dir/file") && e.size == 5 && !memcmp(e.data, "hello", 5));
	CHECK(e.uid == 1 && e.gid == 2 && e.mtime == 1234 && e.rdev_major == 4 && e.rdev_minor == 64 && e.ino == 7);
	CHECK_EQ(cpio_next(&r, &e), 1);
	CHECK(e.mode == 0120777 && e.size == 8);
	CHECK_EQ(cpio_next(&r, &e), 0);
	CHECK_EQ(cpio_next(&r, &e), 0);
}

static void test_two_archives(void)
{
	size_t half;

	make_archive();
	half = used;
	memset(archive + half, 0, 512);
	memcpy(archive + half + 512, archive, half);
	CHECK_EQ(read_all(archive, half + 512 + half), 6);
	CHECK_EQ(read_all(archive, half + 512), 3);
}

static void test_cut(void)
{
	make_archive();
	CHECK_EQ(read_all(archive, 0), 0);
	for (size_t n = 1; n < used; n++) {
		int ret = read_all(archive, n);

		/* A cut between entries, or in the padding behind one, is not noticed: the trailer is not required. */
		CHECK(ret == -EINVAL || (ret >= 1 && ret <= 3));
	}
}

static void test_damaged(void)
{
	char bad[sizeof(archive)];

	make_archive();
	for (size_t i = 0; i < 110; i++) {
		memcpy(bad, archive, used);
		bad[i] = 'x';
		CHECK_EQ(read_all(bad, used), -EINVAL);
	}
	memcpy(bad, archive, used);
	memcpy(bad + 6 + 6 * 8, "ffffffff", 8); /* file size */
	CHECK_EQ(read_all(bad, used), -EINVAL);
	memcpy(bad, archive, used);
	memcpy(bad + 6 + 11 * 8, "ffffffff", 8); /* name size */
	CHECK_EQ(read_all(bad, used), -EINVAL);
	memcpy(bad + 6 + 11 * 8, "00000000", 8);
	CHECK_EQ(read_all(bad, used), -EINVAL);
}

static void test_random(void)
{
	char bad[sizeof(archive)];

	make_archive();
	srand(1);
	for (int round = 0; round < 100000; round++) {
		memcpy(bad, archive, used);
		for (int n = rand() % 8; n >= 0; n--)
			bad[rand() % used] = rand() % 2 ? "0123456789abcdef"[rand() % 16] : (char)rand();
		read_all(bad, rand() % (used + 1));
	}
}

int main(void)
{
	test_good();
	test_two_archives();
	test_cut();
	test_damaged();
	test_random();
	return 0;
}
