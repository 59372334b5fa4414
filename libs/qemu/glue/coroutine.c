/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * QEMU's coroutine back end: musl has no ucontext, and the signal-stack one costs a signal for each new coroutine. A switch here is a
 * dozen instructions.
 */
/* Upstream's headers are not clean by our warnings. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wsign-compare"
#include "qemu/osdep.h"
#include "qemu/coroutine_int.h"
#include "qemu/coroutine-tls.h"
#include "qemu/error-report.h"
#include <sys/mman.h>
#pragma GCC diagnostic pop

/* Upstream's 1 MiB is for the worst of hosts; on a platform that backs stacks at once it would cost just that. */
#define STACK_SIZE (96ul << 10)
#define GUARD_SIZE 4096ul
/* What a coroutine leaves to musl, system calls and faults where the stack is checked. */
#define STACK_RESERVE (12ul << 10)
/* So many that have ended are kept for the next ones. */
#ifndef UK_COROUTINES_KEPT
#define UK_COROUTINES_KEPT 128
#endif

struct uk_coroutine {
	Coroutine base;
	void *stack;
	size_t stack_size;
	void *sp; /* while it does not run */
};

/* What uk_coroutine_switch pops. */
struct saved {
	void *stack_limit, *r15, *r14, *r13, *r12, *rbx, *rbp, *ret;
};

int uk_coroutine_switch(void **save_sp, void *load_sp, int action);
void uk_coroutine_start(void);
void uk_coroutine_main(struct uk_coroutine *co);

QEMU_DEFINE_STATIC_CO_TLS(Coroutine *, current);
QEMU_DEFINE_STATIC_CO_TLS(struct uk_coroutine, leader);

/*
 * Those that ended, the last one first: its stack is the one that is in the caches. They are all threads': a request begins in the thread of the
 * guest's processor and ends in the main loop. Upstream's pool has a list for each thread, so that one would fill and the other be empty.
 */
static QSLIST_HEAD(, Coroutine) kept = QSLIST_HEAD_INITIALIZER(kept);
static unsigned nkept;
static int kept_busy;

/* Nobody waits: who finds another thread in the list goes without it. */
static bool kept_begin(void)
{
	return !qatomic_xchg(&kept_busy, 1);
}

static void kept_end(void)
{
	qatomic_store_release(&kept_busy, 0);
}

static Coroutine *kept_take(void)
{
	Coroutine *co = NULL;

	if (!kept_begin())
		return NULL;
	if (nkept) {
		co = QSLIST_FIRST(&kept);
		QSLIST_REMOVE_HEAD(&kept, pool_next);
		nkept--;
	}
	kept_end();
	return co;
}

static bool kept_add(Coroutine *co)
{
	bool ok;

	if (!kept_begin())
		return false;
	ok = nkept < UK_COROUTINES_KEPT;
	if (ok) {
		QSLIST_INSERT_HEAD(&kept, co, pool_next);
		nkept++;
	}
	kept_end();
	return ok;
}

void uk_coroutine_main(struct uk_coroutine *co)
{
	for (;;) {
		co->base.entry(co->base.entry_arg);
		qemu_coroutine_switch(&co->base, co->base.caller, COROUTINE_TERMINATE);
	}
}

/* Below a guard page; backed at once where the platform needs that. */
static void *stack_new(void)
{
	char *guard = mmap(NULL, GUARD_SIZE + STACK_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (guard != MAP_FAILED && mmap(guard + GUARD_SIZE, STACK_SIZE, PROT_READ | PROT_WRITE,
	                                MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_STACK, -1, 0) != MAP_FAILED)
		return guard + GUARD_SIZE;
	error_report("no memory for a coroutine's stack: %s", strerror(errno));
	abort();
}

Coroutine *qemu_coroutine_new(void)
{
	Coroutine *old = kept_take();

	if (old)
		return old;
	struct uk_coroutine *co = g_new0(struct uk_coroutine, 1);

	co->stack_size = STACK_SIZE;
	co->stack = stack_new();
	/* The stack pointer at the first call must be a multiple of 16. */
	struct saved *top = (struct saved *)((char *)co->stack + co->stack_size - 16) - 1;

	*top = (struct saved){ .stack_limit = (char *)co->stack + STACK_RESERVE, .rbx = co, .ret = (void *)uk_coroutine_start };
	co->sp = top;
	return &co->base;
}

void qemu_coroutine_delete(Coroutine *base)
{
	struct uk_coroutine *co = DO_UPCAST(struct uk_coroutine, base, base);

	if (kept_add(base))
		return;
	munmap((char *)co->stack - GUARD_SIZE, GUARD_SIZE + STACK_SIZE);
	g_free(co);
}

CoroutineAction qemu_coroutine_switch(Coroutine *from, Coroutine *to, CoroutineAction action)
{
	struct uk_coroutine *f = DO_UPCAST(struct uk_coroutine, base, from);
	struct uk_coroutine *t = DO_UPCAST(struct uk_coroutine, base, to);

	set_current(to);
	return uk_coroutine_switch(&f->sp, t->sp, action);
}

Coroutine *qemu_coroutine_self(void)
{
	Coroutine *self = get_current();

	if (!self) {
		self = &get_ptr_leader()->base;
		set_current(self);
	}
	return self;
}

bool qemu_in_coroutine(void)
{
	Coroutine *self = get_current();

	return self && self->caller;
}
