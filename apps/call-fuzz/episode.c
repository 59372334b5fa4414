/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "fuzz.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <uk/syscall.h>

#define CALLS 1000
/* A call that does not return for so many milliseconds of waking has lost its signals, or never ends. */
#define PATIENCE 30000
#define MAPPINGS CALLS

/* Written by the calls' thread, read by the waking one. */
static struct {
	pthread_t thread;
	const struct row *volatile row; /* NULL between calls */
	volatile uint64_t count;
} now;

static struct {
	long address;
	size_t size;
} mappings[MAPPINGS];
static unsigned mapping_count;

/* --- the state between episodes -------------------------------------------------------------------------------------- */

static void ignore(int sig)
{
	(void)sig;
}

bool signal_is_left_alone(int sig)
{
	static const int alone[] = { SIGKILL, SIGSTOP,  SIGSEGV, SIGBUS, SIGILL, SIGFPE,
		                     SIGTRAP, SIG_WAKE, 32,      33,     34 /* the C library's */ };

	for (unsigned i = 0; i < sizeof(alone) / sizeof(alone[0]); i++)
		if (alone[i] == sig)
			return true;
	return false;
}

static void signals(void)
{
	const struct sigaction action = { .sa_handler = ignore };
	const struct itimerval off = { 0 };
	const stack_t none = { .ss_flags = SS_DISABLE };
	sigset_t empty;

	for (int which = ITIMER_REAL; which <= ITIMER_PROF; which++)
		setitimer(which, &off, NULL);
	for (int id = 0; id < 1024; id++)
		uk_syscall6(226 /* timer_delete */, id, 0, 0, 0, 0, 0);
	for (int sig = 1; sig < NSIG; sig++)
		if (sig == SIG_WAKE || !signal_is_left_alone(sig))
			sigaction(sig, &action, NULL);
	sigaltstack(&none, NULL);
	sigemptyset(&empty);
	pthread_sigmask(SIG_SETMASK, &empty, NULL);
}

static void limits(const struct rlimit *values)
{
	for (int i = 0; i < RLIMIT_NLIMITS; i++)
		setrlimit(i, &values[i]);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	remove(path);
	return 0;
}

static bool folder(void)
{
	umask(022);
	nftw(FOLDER, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return !mkdir(FOLDER, 0777) && !chdir(FOLDER);
}

static void unmap(void)
{
	for (unsigned i = 0; i < mapping_count; i++)
		munmap((void *)mappings[i].address, mappings[i].size);
	mapping_count = 0;
}

/* Descriptors 0 to 2 are /dev/null, and no other is open. */
static bool descriptors(void)
{
	uk_syscall6(436 /* close_range */, 0, ~0u, 0, 0, 0, 0);
	return open("/dev/null", O_RDWR) == 0 && dup(0) == 1 && dup(0) == 2;
}

static bool fresh(void)
{
	static struct rlimit values[RLIMIT_NLIMITS];
	static bool known;

	for (int i = 0; i < RLIMIT_NLIMITS && !known; i++)
		getrlimit(i, &values[i]);
	known = true;
	signals();
	limits(values);
	munlockall();
	setpriority(PRIO_PROCESS, 0, 0);
	/* Before anything allocates: what the C library maps may lie where the calls have unmapped. */
	unmap();
	return memory_renew() && descriptors() && folder() && descriptors();
}

/* --- calls ----------------------------------------------------------------------------------------------------------- */

/* These end the thread or the program, or take the C library's footing away. */
static bool is_left_out(const char *name)
{
	static const char *const names[] = { "exit", "exit_group", "arch_prctl", "brk", "set_robust_list" };

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

static void remember(const struct row *row, const long args[6], long result)
{
	bool maps = !strcmp(row->name, "mmap") || !strcmp(row->name, "mremap");

	if (maps && (result < -4095 || result > 0) && mapping_count < MAPPINGS) {
		mappings[mapping_count].address = result;
		mappings[mapping_count++].size = (size_t)args[row->name[1] == 'm' ? 1 : 2];
	}
}

/* Linux' results: an errno of those that it has, or anything else that is not close below. */
static bool is_in_range(long result)
{
	return result >= 0 || result < -4095 || result >= -133;
}

static bool call(bool trace)
{
	const struct row *row = &rows[random_below(row_count)];
	long args[6] = { 0 };

	if (is_left_out(row->name))
		return true;
	arguments_make(row, args);
	if (trace)
		report("%s(%lx, %lx, %lx, %lx, %lx, %lx)", row->name, args[0], args[1], args[2], args[3], args[4], args[5]);
	now.row = row;
	long result = uk_syscall6(row->number, args[0], args[1], args[2], args[3], args[4], args[5]);

	now.row = NULL;
	now.count++;
	if (trace)
		report("%s = %ld", row->name, result);
	remember(row, args, result);
	if (is_in_range(result))
		return true;
	report("call-fuzz: %s returned %ld", row->name, result);
	return false;
}

void episode_wake(void)
{
	static uint64_t last;
	static unsigned waited;
	const struct row *row = now.row;

	if (!row || now.count != last) {
		last = now.count;
		waited = 0;
		return;
	}
	if (++waited == PATIENCE) {
		report("call-fuzz: %s (%s) does not return", row->name, row->may_sleep ? "sleeps" : "never sleeps");
		_exit(1);
	}
	pthread_kill(now.thread, SIG_WAKE);
}

static size_t free_memory(void)
{
	struct sysinfo info;

	return sysinfo(&info) ? 0 : info.freeram;
}

/* What the kernel's and the C library's caches may keep from one episode to the next, and all episodes together. */
#define KEPT (4u << 20)

bool episode(uint64_t seed, bool trace)
{
	static size_t most;

	now.thread = pthread_self();
	if (!fresh()) {
		report("call-fuzz: no fresh state (errno %d)", errno);
		return false;
	}
	size_t before = free_memory();

	if (before > most)
		most = before;
	random_seed(seed);
	for (unsigned i = 0; i < CALLS; i++)
		if (!call(trace))
			return false;
	if (!fresh()) {
		report("call-fuzz: the state cannot be restored (errno %d)", errno);
		return false;
	}
	if (free_memory() + KEPT >= most)
		return true;
	report("call-fuzz: %zu bytes are gone", most - free_memory());
	return false;
}
