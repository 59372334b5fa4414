/* SPDX-License-Identifier: BSD-3-Clause */
/* Memory mappings, of files and anonymous. */
#define _GNU_SOURCE
#include <signal.h>
#include <setjmp.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "test.h"

#define F "/tmp/posix-test-map"
#define PAGE 4096

static int file_of(int pages)
{
	char page[PAGE];
	int fd;

	unlink(F);
	fd = open(F, O_RDWR | O_CREAT, 0644);
	for (int i = 0; i < pages; i++) {
		memset(page, 'a' + i, PAGE);
		if (write(fd, page, PAGE) != PAGE)
			return -1;
	}
	return fd;
}

static void shared_file(void)
{
	int fd = file_of(3);
	char *p = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), c;
	char *q = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, PAGE);

	CHECK(p != MAP_FAILED && q != MAP_FAILED);
	CHECK(p[0] == 'a' && p[2 * PAGE] == 'c' && q[0] == 'b');
	p[PAGE] = 'X';
	CHECK_EQ(q[0], 'X');
	CHECK_EQ(pread(fd, &c, 1, PAGE), 1);
	CHECK_EQ(c, 'X');
	CHECK_EQ(pwrite(fd, "Y", 1, PAGE + 1), 1);
	CHECK_EQ(q[1], 'Y');
	CHECK_EQ(msync(p, 3 * PAGE, MS_SYNC), 0);
	close(fd);
	unlink(F);
	CHECK_EQ(p[2 * PAGE], 'c'); /* the mapping keeps the file */
	CHECK_EQ(munmap(p, 3 * PAGE) | munmap(q, PAGE), 0);
}

static void private_file(void)
{
	int fd = file_of(2);
	char *p = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0), c;

	CHECK(p != MAP_FAILED);
	p[0] = 'Z';
	CHECK_EQ(pread(fd, &c, 1, 0), 1);
	CHECK_EQ(c, 'a');
	CHECK_EQ(p[PAGE], 'b');
	CHECK_EQ(munmap(p, 2 * PAGE), 0);
	close(fd);
}

static void cut_while_mapped(void)
{
	int fd = file_of(3);
	char *p = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	CHECK_EQ(p[2 * PAGE], 'c');
	CHECK_EQ(ftruncate(fd, 10), 0);
	CHECK(p[9] == 'a' && p[10] == 0);
	CHECK_EQ(ftruncate(fd, 3 * PAGE), 0);
	CHECK_EQ(p[2 * PAGE], 0);
	p[2 * PAGE] = 'n';
	CHECK_EQ(munmap(p, 3 * PAGE), 0);
	close(fd);
}

static void modes(void)
{
	int fd = file_of(1), ro, wo, p[2];

	close(fd);
	ro = open(F, O_RDONLY);
	wo = open(F, O_WRONLY);
	CHECK_EQ(pipe(p), 0);
	CHECK(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, ro, 0) == MAP_FAILED && errno == EACCES);
	CHECK(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, wo, 0) == MAP_FAILED && errno == EACCES);
	CHECK(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, ro, 1) == MAP_FAILED && errno == EINVAL);
	CHECK(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, p[0], 0) == MAP_FAILED);
	CHECK(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, 999, 0) == MAP_FAILED && errno == EBADF);
	CHECK(mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED && errno == EINVAL);
	close(ro);
	close(wo);
	close(p[0]);
	close(p[1]);
	unlink(F);
}

/* Far more than the machine has, touched here and there. */
static void over_commit(void)
{
	size_t size = 8ul << 30;
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	CHECK(p != MAP_FAILED);
	for (size_t at = 0; at < size; at += 512ul << 20) {
		CHECK_EQ(p[at], 0);
		p[at] = 1;
	}
	CHECK_EQ(madvise(p, PAGE, MADV_DONTNEED), 0);
	CHECK_EQ(p[0], 0);
	CHECK_EQ(p[512ul << 20], 1);
	CHECK_EQ(munmap(p, size), 0);
}

/* Memory that is given back must be there again: many times what the machine has, one after the other. */
static void given_back(void)
{
	for (int i = 0; i < 64; i++) {
		char *p = mmap(NULL, 8 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		CHECK(p != MAP_FAILED);
		memset(p, i, 8 << 20);
		CHECK_EQ(munmap(p, 8 << 20), 0);
	}
}

static void partial_unmap(void)
{
	char *p = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *q;

	CHECK(p != MAP_FAILED);
	memset(p, 1, 4 * PAGE);
	CHECK_EQ(munmap(p + PAGE, 2 * PAGE), 0);
	CHECK(p[0] == 1 && p[3 * PAGE] == 1);
	q = mmap(p + PAGE, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	CHECK(q == p + PAGE && q[0] == 0);
	CHECK_EQ(mprotect(p, 4 * PAGE, PROT_READ), 0);
	CHECK_EQ(p[3 * PAGE], 1);
	CHECK_EQ(munmap(p, 4 * PAGE), 0);
}

static void remap(void)
{
	char *p = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(p != MAP_FAILED);
	p[0] = 'x';
	p[PAGE] = 'y';
	p = mremap(p, 2 * PAGE, 100 * PAGE, MREMAP_MAYMOVE);
	CHECK(p != MAP_FAILED);
	CHECK(p[0] == 'x' && p[PAGE] == 'y' && p[99 * PAGE] == 0);
	p = mremap(p, 100 * PAGE, PAGE, 0);
	CHECK(p != MAP_FAILED && p[0] == 'x');
	CHECK_EQ(munmap(p, PAGE), 0);
}

static void heap(void)
{
	void *p[200];

	for (int round = 0; round < 20; round++) {
		for (int i = 0; i < 200; i++) {
			size_t n = (size_t)(i * 977 + round * 131) % 60000 + 1;

			p[i] = malloc(n);
			CHECK(p[i]);
			memset(p[i], i, n);
		}
		for (int i = 0; i < 200; i++) {
			CHECK_EQ(*(unsigned char *)p[i], i);
			free(p[i]);
		}
	}
}

static sigjmp_buf past_end;

static void bus_error(int sig)
{
	siglongjmp(past_end, sig);
}

static void beyond_the_end_of_a_file(void)
{
	struct sigaction act = { .sa_handler = bus_error }, old;
	int fd = open("/mmap-end", O_CREAT | O_RDWR, 0600);
	volatile char *p;
	int sig;

	CHECK(fd >= 0);
	CHECK_EQ(ftruncate(fd, 2048), 0);
	p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(p != MAP_FAILED);
	sigaction(SIGBUS, &act, &old);
	for (int i = 0; i < 2; i++) {
		sig = sigsetjmp(past_end, 1);
		if (!sig)
			p[4097] = 1;
		CHECK_EQ(sig, SIGBUS);
	}
	sigaction(SIGBUS, &old, NULL);
	munmap((void *)p, 8192);
	close(fd);
	unlink("/mmap-end");
}

static void locking(void)
{
	char *p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(p != MAP_FAILED);
	CHECK_EQ(mlock(p + 1, 4096), 0);
	CHECK_EQ(munlock(p, 8192), 0);
	munmap(p, 8192);
	CHECK_ERR(mlock(p, 8192), ENOMEM);
	CHECK_EQ(mlockall(MCL_CURRENT), 0);
	CHECK_EQ(munlockall(), 0);
	CHECK_ERR(mlockall(0), EINVAL);
}

const struct test mmap_tests[] = {
	{ "shared_file", shared_file },
	{ "private_file", private_file },
	{ "cut_while_mapped", cut_while_mapped },
	{ "modes", modes },
	{ "over_commit", over_commit },
	{ "given_back", given_back },
	{ "partial_unmap", partial_unmap },
	{ "remap", remap },
	{ "heap", heap },
	{ "beyond_the_end_of_a_file", beyond_the_end_of_a_file },
	{ "locking", locking },
	{ 0 },
};
