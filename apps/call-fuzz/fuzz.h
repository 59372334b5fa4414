/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Random system calls. Calls are functions here and trust their pointers, so every pointer leads to memory of this program's that is large
 * enough for whatever the call's other arguments allow; all else is random. One thread makes the calls; a second one ends those that sleep.
 */
#ifndef CALL_FUZZ_H
#define CALL_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A row of the table of system calls. */
struct row {
	long number;
	const char *name;
	bool may_sleep; /* its kind is not "plain" */
	unsigned count;
	const char *types[6];
};

extern const struct row rows[];
extern const unsigned row_count;

/* The signal that ends a sleep: never blocked, ignored or waited for by the calls, and none of those that RLIMIT_SIGPENDING refuses. */
#define SIG_WAKE 16 /* SIGSTKFLT, which nothing sends */
/* A pointer leads to so many bytes at least. */
#define BLOCK (64u << 10)
/* Where calls map, protect and unmap; sizes of mappings are at most half of it. */
#define ARENA (16u << 20)
/* The folder in which the calls make their files. */
#define FOLDER "/tmp/calls"

/* memory.c: what arguments point to. */

/* Reserve blocks and arena. Ends the program if there is no memory. */
void memory_init(void);
/* Give the pages of all back. Returns false if that failed. */
bool memory_renew(void);
/* The block for argument @i (0 to 5), its beginning filled with random bytes. */
void *memory_block(unsigned i);
/* An address in the lower half of the arena. */
uintptr_t memory_arena(void);
/* Memory for a stack, or for what messages and vectors point to: BLOCK bytes that no argument points to itself. */
void *memory_inner(void);

/* random.c */

/* From the seed on, the same sequence. */
void random_seed(uint64_t seed);
uint64_t random_next(void);
/* In [0, @n). */
uint64_t random_below(uint64_t n);
/* A signal that may be sent and handled, or 0. */
int random_signal(void);

/* arguments.c */

/* Fill @args for a call of @row. */
void arguments_make(const struct row *row, long args[6]);
/* Ends the program, with the type's name, if a type of the table has no values here. */
void arguments_check(void);

/* episode.c */

/* Is @sig one that calls neither send nor handle: because it ends the program, is SIG_WAKE, or would hide a fault of the kernel's? */
bool signal_is_left_alone(int sig);

/* Make 1,000 calls from the state that a fresh program has, and leave that state behind. Returns false after a line on what did not hold. */
bool episode(uint64_t seed, bool trace);
/* Called by the waking thread each millisecond: wakes the calls' thread if it sleeps. Ends the program if it cannot be woken. */
void episode_wake(void);

/* main.c: print a line on the console, whatever became of descriptor 1. */
void report(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
