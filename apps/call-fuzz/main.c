/* SPDX-License-Identifier: BSD-3-Clause */
#include "fuzz.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

void report(const char *fmt, ...)
{
	char line[256];
	va_list ap;

	va_start(ap, fmt);
	int len = vsnprintf(line, sizeof(line) - 1, fmt, ap);
	va_end(ap);
	if (len > (int)sizeof(line) - 2)
		len = sizeof(line) - 2;
	line[len++] = '\n';
	int fd = open("/dev/console", O_WRONLY);

	/* The calls may have lowered the limit of descriptors: then the line is lost, and the exit status has to do. */
	if (fd >= 0 && write(fd, line, len) != len)
		abort();
	if (fd >= 0)
		close(fd);
}

static void *wake(void *arg)
{
	const struct timespec tick = { 0, 1000000 };
	sigset_t all;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, NULL);
	for (;;) {
		while (nanosleep(&tick, NULL) && errno == EINTR)
			;
		episode_wake();
	}
	return arg;
}

static bool number(const char *arg, const char *name, uint64_t *out)
{
	size_t len = strlen(name);
	char *end;

	if (strncmp(arg, name, len) || arg[len] != '=' || arg[len + 1] < '0' || arg[len + 1] > '9')
		return false;
	*out = strtoull(arg + len + 1, &end, 10);
	return !*end;
}

int main(int argc, char **argv)
{
	uint64_t seed = 1, episodes = 100;
	bool trace = false;
	pthread_t thread;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "trace")) {
			trace = true;
		} else if (!number(argv[i], "seed", &seed) && !number(argv[i], "episodes", &episodes)) {
			fprintf(stderr, "call-fuzz: %s is none of seed=N, episodes=N, trace\n", argv[i]);
			return 2;
		}
	}
	if (mkdir("/tmp", 01777) && errno != EEXIST)
		return 1;
	memory_init();
	arguments_check();
	if (pthread_create(&thread, NULL, wake, NULL))
		return 1;
	for (uint64_t i = 0; i < episodes; i++)
		if (!episode(seed + i, trace)) {
			report("call-fuzz: failed with seed=%lu episodes=1", (unsigned long)(seed + i));
			_exit(1);
		}
	report("call-fuzz: %lu calls, nothing found", (unsigned long)(episodes * 1000));
	_exit(0);
}
