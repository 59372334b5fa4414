/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is handed to a disk of a program's memory: whole sectors, in order, page by page held and let go as often, whatever ends it: no room,
 * memory of another kind, a page that is not there.
 * sources: core/devfs/block_memory.c core/vfs/iov.c
 */
#include <core/errno.h>
#include <core/string.h>
#include <core/vmem.h>

#include "../../../../core/devfs/internal.h"
#include "../../host.h"

#define PAGES 64ul
#define VECTORS 8
#define ROUNDS 1000

/* A program's memory, and where the kernel reaches its pages: in another order. Then the image's memory, which nobody holds. */
static char *program, *kernel, *image;
static unsigned place[PAGES], held[PAGES];
static long missing = -1;

int vmem_pin(void *addr, bool write __unused, void **at)
{
	size_t offset = (char *)addr - program, page = offset / PAGE_SIZE;

	*at = addr;
	if ((char *)addr >= image && (char *)addr < image + PAGES * PAGE_SIZE)
		return 0;
	CHECK(page < PAGES);
	if ((long)page == missing)
		return -EFAULT;
	held[place[page]]++;
	*at = kernel + place[page] * PAGE_SIZE + offset % PAGE_SIZE;
	return 1;
}

void vmem_unpin(const void *at)
{
	size_t page = ((const char *)at - kernel) / PAGE_SIZE;

	CHECK(page < PAGES && held[page]);
	held[page]--;
}

static size_t total_held(void)
{
	size_t n = 0;

	for (unsigned i = 0; i < PAGES; i++)
		n += held[i];
	return n;
}

/* Where the kernel finds the byte at @p of the program. */
static char *seen(char *p)
{
	size_t offset = p - program;

	return offset < PAGES * PAGE_SIZE ? kernel + place[offset / PAGE_SIZE] * PAGE_SIZE + offset % PAGE_SIZE : p;
}

/* The vectors are what @it goes over, in order. */
static void check(const struct block_memory *m, struct iov_iter it)
{
	size_t bytes = 0, len;

	CHECK(m->n && m->n <= m->max);
	for (unsigned i = 0; i < m->n; i++) {
		CHECK(m->vec[i].len);
		for (size_t at = 0; at < m->vec[i].len; at++) {
			char *p = iov_peek(&it, &len);

			CHECK(len && seen(p) == (char *)m->vec[i].base + at);
			iov_advance(&it, 1);
		}
		bytes += m->vec[i].len;
	}
	CHECK_EQ(bytes, m->bytes);
}

static void shuffle(void)
{
	for (unsigned i = 0; i < PAGES; i++)
		place[i] = i;
	if (rand() % 2)
		return;
	for (unsigned i = PAGES - 1; i; i--) {
		unsigned j = rand() % (i + 1), was = place[i];

		place[i] = place[j];
		place[j] = was;
	}
}

/* A request of random pieces, as block_suits() lets through. */
static size_t request(struct iovec *iov, unsigned n, size_t sector)
{
	size_t total = 0;

	for (unsigned i = 0; i < n; i++) {
		char *base = rand() % 5 ? program : image;
		size_t len = (rand() % 12 + 1) * sector, at = rand() % ((PAGES * PAGE_SIZE - len) / 512) * 512;

		iov[i] = (struct iovec){ base + at, len };
		total += len;
	}
	return total;
}

static void random_requests(void)
{
	for (int round = 0; round < ROUNDS; round++) {
		size_t sector = rand() % 2 ? 512 : 4096;
		struct iovec iov[VECTORS];
		struct block_vec vec[40];
		struct iov_iter it, before;
		unsigned n = rand() % VECTORS + 1;
		int ret = 0;

		shuffle();
		missing = rand() % 4 ? -1 : rand() % (long)PAGES;
		size_t total = request(iov, n, sector), done = 0;

		CHECK_EQ(iov_init(&it, iov, (int)n), 0);
		while (it.left && !ret) {
			struct block_memory m = { .vec = vec, .max = rand() % 38 + 2 };

			before = it;
			ret = block_memory_get(&m, &it, sector, true);
			if (ret) {
				CHECK(missing >= 0 && ret == -EFAULT && it.left == before.left && !total_held());
				continue;
			}
			CHECK(m.bytes && !(m.bytes % sector) && it.left == before.left - m.bytes);
			check(&m, before);
			CHECK(m.held ? total_held() : !total_held());
			block_memory_put(&m);
			CHECK(!total_held() && !m.n && !m.bytes);
			done += m.bytes ? 0 : before.left - it.left;
		}
		CHECK(ret || done == total);
	}
}

int main(void)
{
	program = aligned_alloc(PAGE_SIZE, PAGES * PAGE_SIZE);
	kernel = aligned_alloc(PAGE_SIZE, PAGES * PAGE_SIZE);
	image = aligned_alloc(PAGE_SIZE, PAGES * PAGE_SIZE);
	srand(5);
	random_requests();
	free(program);
	free(kernel);
	free(image);
	return 0;
}
