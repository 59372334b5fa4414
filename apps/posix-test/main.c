/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A first argument with a slash is the folder that /tmp leads to, on another file system. Other arguments: none runs all areas but "timing", "latency", "growth" and
 * "crowds"; names of areas run those; "oom", "null", "stack", "wtext", "stress SECONDS" and "bench" are special, see special.c.
 */
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

static const struct area {
	const char *name;
	const struct test *tests;
} areas[] = {
	{ "doors", doors_tests },         { "edges", edges_tests },       { "files", files_tests },
	{ "dirs", dirs_tests },           { "locks", locks_tests },       { "mmap", mmap_tests },
	{ "pipes", pipes_tests },         { "poll", poll_tests },         { "epoll", epoll_tests },
	{ "events", events_tests },       { "sockets", sockets_tests },   { "tty", tty_tests },
	{ "signals", signals_tests },     { "threads", threads_tests },   { "timers", timers_tests },
	{ "timing", timing_tests },       { "waits", waits_tests },       { "nodes", nodes_tests },
	{ "proc", proc_tests },           { "copying", copying_tests },   { "calls", calls_tests },
	{ "futexes", futexes_tests },     { "ptys", ptys_tests },         { "overflow", overflow_tests },
	{ "robust", robust_tests },       { "room", room_tests },         { "nests", nests_tests },
	{ "limits", limits_tests },       { "places", places_tests },     { "cputimers", cputimers_tests },
	{ "growth", growth_tests },       { "watches", watches_tests },   { "realtime", realtime_tests },
	{ "schedules", schedules_tests }, { "inherit", inherit_tests },   { "aio", aio_tests },
	{ "appends", appends_tests },     { "latency", latency_tests },   { "mqueues", mqueues_tests },
	{ "mqnotices", mqnotices_tests }, { "requeues", requeues_tests }, { "sems", sems_tests },
	{ "msgs", msgs_tests },           { "shms", shms_tests },         { "corners", corners_tests },
	{ "settings", settings_tests },   { "states", states_tests },     { "crowds", crowds_tests },
	{ "peers", peers_tests },
};

#define AREAS (sizeof(areas) / sizeof(areas[0]))

static bool failed;
static int count, failures;

void test_fail(const char *file, int line, const char *fmt, ...)
{
	const char *base = strrchr(file, '/');
	va_list ap;

	failed = true;
	printf("# %s:%d: ", base ? base + 1 : file, line);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
}

long test_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static struct {
	pthread_t thread;
	int ms;
	void (*fn)(void *);
	void *arg;
} later;

static void *run_later(void *unused)
{
	(void)unused;
	usleep(later.ms * 1000);
	later.fn(later.arg);
	return NULL;
}

void test_later(int ms, void (*fn)(void *), void *arg)
{
	later.ms = ms;
	later.fn = fn;
	later.arg = arg;
	if (pthread_create(&later.thread, NULL, run_later, NULL)) {
		printf("Bail out! no thread\n");
		exit(1);
	}
}

void test_join(void)
{
	pthread_join(later.thread, NULL);
}

static bool is_chosen(const char *area, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], area))
			return true;
	return argc < 2 && strcmp(area, "timing") && strcmp(area, "latency") && strcmp(area, "growth") &&
	       strcmp(area, "crowds");
}

static void run(const struct area *a, const struct test *t)
{
	failed = false;
	t->run();
	count++;
	failures += failed;
	printf("%s %d - %s.%s\n", failed ? "not ok" : "ok", count, a->name, t->name);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	int total = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc > 1 && argv[1][0] == '/') {
		if (rmdir("/tmp") || symlink(argv[1], "/tmp")) {
			printf("Bail out! /tmp -> %s: %s\n", argv[1], strerror(errno));
			return 1;
		}
		argc--;
		argv++;
	}
	if (argc > 1 && special_test(argc, argv))
		return 1;
	for (size_t i = 0; i < AREAS; i++)
		for (const struct test *t = areas[i].tests; t->name && is_chosen(areas[i].name, argc, argv); t++)
			total++;
	printf("KTAP version 1\n1..%d\n", total);
	for (size_t i = 0; i < AREAS; i++)
		for (const struct test *t = areas[i].tests; t->name && is_chosen(areas[i].name, argc, argv); t++)
			run(&areas[i], t);
	printf("# %d passed, %d failed\n", count - failures, failures);
	return failures || !count;
}
