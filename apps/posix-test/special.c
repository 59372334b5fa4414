/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Tests of how things end: each does what must stop the domain with a diagnosis, and prints "survived" if it does not.
 * oom: touches memory until there is none; null: writes to address 0; stack: overflows a thread's stack into its guard page;
 * wtext: writes to code. Two that end well: "stress SECONDS" is a test of its own length, "bench" prints what calls cost.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "test.h"

static void oom(void)
{
	size_t size = 64ul << 30;
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	for (size_t at = 0; at < size; at += 4096)
		p[at] = 1;
}

static void null(void)
{
	volatile int *p = NULL;

	__asm__ volatile("" : "+r"(p));
	*p = 1;
}

static int __attribute__((noinline)) recurse(int n)
{
	volatile char frame[512];

	frame[0] = (char)n;
	return n < 0 ? 0 : recurse(n + 1) + frame[0];
}

static void *overflow(void *unused)
{
	recurse(1);
	return unused;
}

static void stack(void)
{
	pthread_t t;

	pthread_create(&t, NULL, overflow, NULL);
	pthread_join(t, NULL);
}

static void wtext(void)
{
	void (*code)(void) = oom;

	*(volatile char *)code = 0;
}

static const struct test specials[] = {
	{ "oom", oom }, { "null", null }, { "stack", stack }, { "wtext", wtext }, { 0 },
};

bool special_test(int argc, char **argv)
{
	if (!strcmp(argv[1], "stress"))
		exit(stress(argc > 2 ? atoi(argv[2]) : 10));
	if (!strcmp(argv[1], "bench"))
		exit(bench());
	for (const struct test *t = specials; t->name; t++) {
		if (!strcmp(argv[1], t->name)) {
			t->run();
			printf("survived: %s\n", t->name);
			return true;
		}
	}
	return false;
}
