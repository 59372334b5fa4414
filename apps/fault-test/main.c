/* SPDX-License-Identifier: BSD-3-Clause */
/* Each argument names a way to go wrong; tests/boot/test_faults.py says how each must end. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define BIG (8ul << 30)
#define PAGE 4096

static volatile int sink;

static void null_read(void)
{
	volatile int *volatile p = NULL;

	sink = *p;
}

static void null_call(void)
{
	void (*volatile fn)(void) = NULL;

	fn();
}

/* Not a tail call, and every frame is touched. */
static int recurse(int n)
{
	volatile char frame[512];

	frame[0] = (char)n;
	if (sink) /* never; the compiler must not know */
		return 0;
	return recurse(n + 1) + frame[0];
}

static void stack_overflow(void)
{
	sink = recurse(0);
}

static void *overflow_thread(void *arg)
{
	sink = recurse(0);
	return arg;
}

static void thread_overflow(void)
{
	pthread_t t;

	pthread_create(&t, NULL, overflow_thread, NULL);
	pthread_join(t, NULL);
}

static void text_write(void)
{
	*(volatile char *)(void *)null_read = 0;
}

static void data_execute(void)
{
	static char code[] = { (char)0xc3 };
	void (*volatile fn)(void) = (void (*)(void))(void *)code;

	fn();
}

static void heap_execute(void)
{
	char *code = malloc(16);
	void (*volatile fn)(void) = (void (*)(void))(void *)code;

	code[0] = (char)0xc3;
	fn();
}

static void stack_execute(void)
{
	volatile char code[16];
	void (*volatile fn)(void) = (void (*)(void))(uintptr_t)code;

	code[0] = (char)0xc3;
	fn();
}

/* All memory shows a second time, from here on. */
static char *alias(const void *p)
{
	return (char *)(0xffff880000000000 + (uintptr_t)p);
}

static void text_alias_write(void)
{
	*(volatile char *)alias((void *)null_read) = 0;
}

static const int constant = 1;

static void rodata_alias_write(void)
{
	*(volatile char *)alias((const void *)&constant) = 0;
}

static void text_alias_execute(void)
{
	void (*volatile fn)(void) = (void (*)(void))(void *)alias((void *)null_call);

	fn();
}

static void data_alias_execute(void)
{
	static char code[] = { (char)0xc3 };
	void (*volatile fn)(void) = (void (*)(void))(void *)alias(code);

	fn();
}

/* Memory that is written and then executed, in the ways that there are: each must be refused. */
static void make_code(void)
{
	char *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = memfd_create("code", 0);

	if (p == MAP_FAILED || fd < 0 || ftruncate(fd, PAGE))
		exit(1);
	if (mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED ||
	    mmap(p, PAGE, PROT_READ | PROT_EXEC, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED ||
	    mmap(NULL, PAGE, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0) != MAP_FAILED || errno != EACCES)
		exit(2);
	if (!mprotect(p, PAGE, PROT_READ | PROT_EXEC) || !mprotect(p, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC) ||
	    errno != EACCES)
		exit(3);
	printf("no code made\n");
}

/* What a function that trusts its caller's length does. */
static __attribute__((noinline)) void copy(const char *from, size_t length)
{
	char local[16];

	for (size_t i = 0; i < length; i++)
		((volatile char *)local)[i] = from[i];
	sink = local[0];
}

static void smash(void)
{
	static const char longer[64];
	volatile size_t length = sizeof(longer);

	copy(longer, length);
}

static void *smash_thread(void *arg)
{
	smash();
	return arg;
}

static void thread_smash(void)
{
	pthread_t t;

	pthread_create(&t, NULL, smash_thread, NULL);
	pthread_join(t, NULL);
}

static void *print_local(void *arg)
{
	printf("%s %p\n", (char *)arg, (void *)&arg);
	return NULL;
}

/* What differs from boot to boot. */
static void print_secrets(void)
{
	extern uintptr_t __stack_chk_guard __attribute__((weak)); /* without CONFIG_STACK_PROTECTOR there is none */
	pthread_t t;

	if (&__stack_chk_guard)
		printf("guard 0x%016lx\n", __stack_chk_guard);
	print_local("stack");
	pthread_create(&t, NULL, print_local, "thread");
	pthread_join(t, NULL);
	printf("heap %p\n", malloc(1));
	printf("mapping %p\n", mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

static void divide(void)
{
	sink = 1000 / sink;
}

/* The C library's heap. */
static char *volatile block, *volatile neighbour;

/* The neighbour keeps their page: without it the allocator may return the page with the first free(), and the second one faults there. */
static void heap_freed_twice(void)
{
	block = malloc(100);
	neighbour = malloc(100);
	free(block);
	free(block);
}

static void heap_overrun(void)
{
	block = malloc(108);
	memset(block, 'x', 110);
	free(block);
}

static void call_abort(void)
{
	abort();
}

static void exit_7(void)
{
	exit(7);
}

/* More than there is may be mapped, not touched. */
static void map_big(void)
{
	char *p = mmap(NULL, BIG, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED) {
		perror("mmap");
		exit(1);
	}
	for (size_t i = 0; i < BIG; i += BIG / 16)
		p[i] = 1;
	printf("mapped and touched here and there\n");
	munmap(p, BIG);
}

static void touch_big(void)
{
	char *p = mmap(NULL, BIG, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	printf("touching\n");
	fflush(stdout);
	for (size_t i = 0; i < BIG; i += PAGE)
		p[i] = 1;
	printf("not reached\n");
}

static const struct fault {
	const char *name;
	void (*run)(void);
} faults[] = {
	{ "null_read", null_read },
	{ "null_call", null_call },
	{ "stack_overflow", stack_overflow },
	{ "thread_overflow", thread_overflow },
	{ "text_write", text_write },
	{ "data_execute", data_execute },
	{ "heap_execute", heap_execute },
	{ "stack_execute", stack_execute },
	{ "text_alias_write", text_alias_write },
	{ "rodata_alias_write", rodata_alias_write },
	{ "text_alias_execute", text_alias_execute },
	{ "data_alias_execute", data_alias_execute },
	{ "make_code", make_code },
	{ "smash", smash },
	{ "thread_smash", thread_smash },
	{ "print_secrets", print_secrets },
	{ "divide", divide },
	{ "heap_freed_twice", heap_freed_twice },
	{ "heap_overrun", heap_overrun },
	{ "abort", call_abort },
	{ "exit_7", exit_7 },
	{ "map_big", map_big },
	{ "touch_big", touch_big },
};

int main(int argc, char **argv)
{
	for (int a = 1; a < argc; a++)
		for (unsigned i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
			if (!strcmp(argv[a], faults[i].name))
				faults[i].run();
	return 0;
}
