/* SPDX-License-Identifier: BSD-3-Clause */
/* Stacks that are used up, and arrays on them that are written past their end. */
#include "selftest.h"

#include <core/guarded_stack.h>
#include <core/kthread.h>
#include <core/sched.h>
#include <core/string.h>
#include <core/thread.h>

static volatile int always = 1;
static struct spinlock selftest_lock = SPINLOCK_INIT("selftest");

/* Not a tail call, and every frame is touched. */
static int recurse(int n)
{
	volatile char frame[256];

	frame[0] = (char)n;
	return always ? recurse(n + 1) + frame[0] : 0;
}

static void overflow(void *arg)
{
	always += recurse(arg != NULL);
}

/* On one of the image's own stacks, nobody else using it meanwhile. */
static void overflow_of(const char *name)
{
	for (const struct guarded_stack *s = __guarded_stacks_start; s < __guarded_stacks_end; s++) {
		if (strcmp(s->name, name))
			continue;
		spin_lock(&selftest_lock);
		thread_call_on_stack(overflow, NULL, (uintptr_t)s->guard + PAGE_SIZE + s->size);
		spin_unlock(&selftest_lock);
	}
}

static void idle_stack(void)
{
	overflow_of("idle");
}

static void exception_stack(void)
{
	overflow_of("exception");
}

static void interrupt_stack(void)
{
	overflow_of("interrupt");
}

static void boot_stack(void)
{
	overflow(NULL);
}

static void kernel_thread_stack(void)
{
	thread_create("deep", overflow, NULL);
	for (int i = 0; i < 100; i++)
		sched_yield();
}

/* What a function that trusts its caller's length does. */
static __attribute__((noinline)) void copy(const char *from, size_t length)
{
	char local[16];

	memcpy(local, from, length);
	always = local[0] + 1;
}

static void smash(void)
{
	static const char longer[64];

	copy(longer, sizeof(longer));
}

const struct selftest selftest_stacks[] = {
	{ "idle_stack", idle_stack },
	{ "exception_stack", exception_stack },
	{ "interrupt_stack", interrupt_stack },
	{ "boot_stack", boot_stack },
	{ "kernel_thread_stack", kernel_thread_stack },
	{ "smash", smash },
	{ NULL, NULL },
};
