/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory that is unmapped while a slow disk reads or writes it: the request ends as if it were there, and what others have in the meantime
 * stays theirs.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "aio.h"
#include "test.h"

#define LENGTH 65536L
#define OTHERS (8L << 20)
#define PLACE (12L << 20) /* to write to */

static bool is_filled(const char *p, char byte, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (p[i] != byte) {
			printf("# byte %zu: found 0x%02x\n", i, (unsigned char)p[i]);
			return false;
		}
	return true;
}

static char *map(size_t size, int fill)
{
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return memset(p, fill, size);
}

/* Begin with a request of no interest, which leaves the disk's budget empty: the next one waits. Then unmap its memory, and take much. */
static bool request(int fd, int opcode, char *p, char **others)
{
	char *spare = map(LENGTH, 0);
	struct cb first = { .opcode = PREAD, .fd = fd, .buf = (uintptr_t)spare, .nbytes = LENGTH };
	struct cb second = {
		.opcode = opcode, .fd = fd, .buf = (uintptr_t)p, .nbytes = LENGTH, .offset = opcode == PWRITE ? PLACE : 0
	};
	struct cb *all[2] = { &first, &second };
	struct event ev[2];
	unsigned long ctx = 0;

	CHECK(!syscall(SYS_io_setup, 2, &ctx) && syscall(SYS_io_submit, ctx, 2, all) == 2);
	CHECK(!munmap(p, LENGTH));
	*others = map(OTHERS, 0xaa);
	CHECK(syscall(SYS_io_getevents, ctx, 2, 2, ev, NULL) == 2 && ev[0].res == LENGTH && ev[1].res == LENGTH);
	CHECK(!syscall(SYS_io_destroy, ctx) && !munmap(spare, LENGTH));
	return true;
}

static bool unmapped_read(int fd)
{
	char *others;

	CHECK(request(fd, PREAD, map(LENGTH, 0), &others));
	CHECK(is_filled(others, (char)0xaa, OTHERS));
	return !munmap(others, OTHERS);
}

static bool unmapped_write(int fd)
{
	char *others, *back = map(LENGTH, 0);

	CHECK(request(fd, PWRITE, map(LENGTH, 0x11), &others));
	CHECK(pread(fd, back, LENGTH, PLACE) == LENGTH && is_filled(back, 0x11, LENGTH));
	return !munmap(others, OTHERS) && !munmap(back, LENGTH);
}

static int disk;
static char *buffer;

static void *read_there(void *arg)
{
	*(long *)arg = pread(disk, buffer, LENGTH, 0);
	return NULL;
}

/* The same under a thread that sleeps in read(). */
static bool unmapped_by_another(int fd)
{
	pthread_t reader, budget;
	long got = 0, unused = 0;
	char *others;

	disk = fd;
	buffer = map(LENGTH, 0);
	CHECK(!pthread_create(&budget, NULL, read_there, &unused) && !pthread_create(&reader, NULL, read_there, &got));
	usleep(20000);
	CHECK(!munmap(buffer, LENGTH));
	others = map(OTHERS, 0xaa);
	pthread_join(budget, NULL);
	pthread_join(reader, NULL);
	CHECK(got == LENGTH && unused == LENGTH && is_filled(others, (char)0xaa, OTHERS));
	return !munmap(others, OTHERS);
}

/* The file's page that a mapping shows goes with the file. */
static bool cut_file(int fd)
{
	int file = memfd_create("cut", 0);
	struct cb first = { .opcode = PREAD, .fd = fd, .nbytes = LENGTH }, second = first, *all[2] = { &first, &second };
	struct event ev[2];
	unsigned long ctx = 0;
	char *p, *others;

	CHECK(file >= 0 && !ftruncate(file, LENGTH));
	p = mmap(NULL, LENGTH, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	first.buf = second.buf = (uintptr_t)memset(p, 0, LENGTH);
	CHECK(!syscall(SYS_io_setup, 2, &ctx) && syscall(SYS_io_submit, ctx, 2, all) == 2);
	CHECK(!munmap(p, LENGTH) && !ftruncate(file, 0) && !close(file));
	others = map(OTHERS, 0xaa);
	CHECK(syscall(SYS_io_getevents, ctx, 2, 2, ev, NULL) == 2 && ev[0].res == LENGTH && ev[1].res == LENGTH);
	CHECK(is_filled(others, (char)0xaa, OTHERS));
	return !syscall(SYS_io_destroy, ctx) && !munmap(others, OTHERS);
}

bool disk_unmapped(void)
{
	int fd = open_disk('a', O_RDWR);

	CHECK(fd >= 0);
	CHECK(unmapped_read(fd));
	CHECK(unmapped_write(fd));
	CHECK(unmapped_by_another(fd));
	CHECK(cut_file(fd));
	/* What cannot be read or written is an error of the call. */
	CHECK(pread(fd, mmap(NULL, LENGTH, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), LENGTH, 0) == -1 && errno == EFAULT);
	CHECK(pwrite(fd, mmap(NULL, LENGTH, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), LENGTH, PLACE) == -1 &&
	      errno == EFAULT);
	return !close(fd);
}
