/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "test.h"

#define BLKDISCARD _IO(0x12, 119)
#define SIZE (16L << 20)
#define WRITE_AT (8L << 20) /* writes go to the second half, the other tests read the first */
#define WRITE_SIZE (2L << 20)
#define THREADS 8
#define READS 40
#define VECTORS 64
#define VECTOR_SIZE 16384L

int open_disk(char letter, int flags)
{
	char path[16];

	snprintf(path, sizeof(path), "/dev/vd%c", letter);
	if (access(path, F_OK))
		snprintf(path, sizeof(path), "/dev/xvd%c", letter);
	return open(path, flags);
}

bool is_pattern(const char *p, long offset, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		uint64_t word = (uint64_t)(offset + i) & ~7ull;

		if (p[i] != ((char *)&word)[(offset + i) & 7]) {
			printf("# offset %ld: found 0x%02x\n", offset + (long)i, (unsigned char)p[i]);
			return false;
		}
	}
	return true;
}

bool disk_size(void)
{
	int fd = open_disk('a', O_RDWR);

	CHECK(fd >= 0);
	CHECK(lseek(fd, 0, SEEK_END) == SIZE);
	close(fd);
	return true;
}

static bool read_random(int fd, unsigned *seed)
{
	long offset = rand_r(seed) % WRITE_AT;
	size_t len = rand_r(seed) % (600 << 10) + 1;
	char *buf = malloc(len + 64), *p = buf + rand_r(seed) % 64;

	if (rand_r(seed) & 1) { /* aligned: straight from the device */
		offset &= ~511L;
		len = (len + 511) & ~511ul;
		buf = realloc(buf, len + 4096);
		p = (char *)(((uintptr_t)buf + 511) & ~511ul);
	}
	if (offset + (long)len > WRITE_AT)
		len = WRITE_AT - offset;
	CHECK(buf);
	CHECK(pread(fd, p, len, offset) == (ssize_t)len);
	CHECK(is_pattern(p, offset, len));
	free(buf);
	return true;
}

bool disk_reads(void)
{
	int fd = open_disk('a', O_RDONLY);
	unsigned seed = 1;

	CHECK(fd >= 0);
	for (int i = 0; i < READS; i++)
		CHECK(read_random(fd, &seed));
	close(fd);
	return true;
}

/* Back @size bytes with pages of which no two neighbours follow each other in physical memory. */
static void scatter(char *p, size_t size)
{
	for (size_t i = 0; i < size; i += 8192)
		p[i] = 1;
	for (size_t i = size - 4096; i < size; i -= 8192)
		p[i] = 1;
}

/* Many pieces, each of which touches a page more than its size says: more than one request can carry. */
bool disk_vectors(void)
{
	int fd = open_disk('a', O_RDONLY);
	struct iovec iov[VECTORS];
	char *buf = aligned_alloc(4096, VECTORS * (VECTOR_SIZE + 4096));

	CHECK(fd >= 0 && buf);
	scatter(buf, VECTORS * (VECTOR_SIZE + 4096));
	for (int i = 0; i < VECTORS; i++)
		iov[i] = (struct iovec){ buf + i * (VECTOR_SIZE + 4096) + 512, VECTOR_SIZE };
	CHECK(preadv(fd, iov, VECTORS, 4096) == VECTORS * VECTOR_SIZE);
	for (int i = 0; i < VECTORS; i++)
		CHECK(is_pattern(iov[i].iov_base, 4096 + i * VECTOR_SIZE, VECTOR_SIZE));
	free(buf);
	close(fd);
	return true;
}

static void *reader(void *arg)
{
	int fd = open_disk('a', O_RDONLY);
	unsigned seed = (uintptr_t)arg;
	bool ok = fd >= 0;

	for (int i = 0; ok && i < READS; i++)
		ok = read_random(fd, &seed);
	close(fd);
	return (void *)(uintptr_t)ok;
}

bool disk_threads(void)
{
	pthread_t t[THREADS];
	bool ok = true;

	for (uintptr_t i = 0; i < THREADS; i++)
		CHECK(!pthread_create(&t[i], NULL, reader, (void *)(i + 100)));
	for (int i = 0; i < THREADS; i++) {
		void *ret;

		pthread_join(t[i], &ret);
		ok &= ret != NULL;
	}
	return ok;
}

/* The host looks at these bytes afterwards. */
bool disk_writes(void)
{
	int fd = open_disk('a', O_RDWR);
	unsigned char *buf = malloc(WRITE_SIZE), *back = malloc(WRITE_SIZE);

	CHECK(fd >= 0 && buf && back);
	for (long i = 0; i < WRITE_SIZE; i++)
		buf[i] = i * 7 + (i >> 8);
	CHECK(pwrite(fd, buf, WRITE_SIZE, WRITE_AT) == WRITE_SIZE);
	CHECK(pwrite(fd, "unidom", 6, WRITE_AT + 1021) == 6); /* parts of two sectors */
	memcpy(buf + 1021, "unidom", 6);
	CHECK(!fsync(fd));
	CHECK(pread(fd, back, WRITE_SIZE, WRITE_AT) == WRITE_SIZE);
	CHECK(!memcmp(buf, back, WRITE_SIZE));
	free(buf);
	free(back);
	close(fd);
	return true;
}

bool disk_end(void)
{
	int fd = open_disk('a', O_RDWR);
	char buf[1024] = { 0 };

	CHECK(fd >= 0);
	CHECK(pread(fd, buf, 1024, SIZE - 512) == 512);
	CHECK(is_pattern(buf, SIZE - 512, 512));
	CHECK(pread(fd, buf, 1024, SIZE) == 0);
	CHECK(pwrite(fd, buf, 1024, SIZE) == -1 && errno == ENOSPC);
	close(fd);
	return true;
}

bool disk_read_only(void)
{
	char buf[512];
	int fd = open_disk('b', O_RDWR);

	CHECK(fd < 0 && (errno == EACCES || errno == EROFS));
	fd = open_disk('b', O_RDONLY);
	CHECK(fd >= 0);
	CHECK(pread(fd, buf, 512, 512) == 512);
	CHECK(is_pattern(buf, 512, 512));
	CHECK(pwrite(fd, buf, 512, 0) == -1);
	close(fd);
	return true;
}

bool disk_discard(void)
{
	uint64_t range[2] = { SIZE - (1 << 20), 1 << 19 };
	int fd = open_disk('a', O_RDWR);

	CHECK(fd >= 0);
	CHECK(!ioctl(fd, BLKDISCARD, range));
	close(fd);
	return true;
}
