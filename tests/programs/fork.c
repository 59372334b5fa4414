/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * fork(2), as a Linux program meets it: what a child does to its memory is its own. All that it prints is the same wherever it runs. Run
 * again as a child it does what its first argument says.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

#define MANY (4ul << 20)

static char *self;
static int global = 1;
static __thread int local = 2;
static volatile sig_atomic_t caught;

static int exit_of(pid_t pid)
{
	int status;
	pid_t got;

	do
		got = pid < 0 ? -1 : waitpid(pid, &status, 0);
	while (pid > 0 && got < 0 && errno == EINTR);
	if (got != pid || pid < 0)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static void test_variables(void)
{
	int on_stack = 3, *on_heap = malloc(sizeof(int));
	pid_t parent = getpid(), pid;

	*on_heap = 4;
	pid = fork();
	if (!pid) {
		int good = global == 1 && local == 2 && on_stack == 3 && *on_heap == 4 && getppid() == parent &&
		           getpid() != parent;

		global = local = on_stack = *on_heap = 99;
		memset(malloc(MANY), 1, MANY);
		_exit(good ? 5 : 6);
	}
	CHECK(exit_of(pid) == 5);
	CHECK(global == 1 && local == 2 && on_stack == 3 && *on_heap == 4 && getpid() == parent);
	free(on_heap);
}

static char *map(int prot, int flags)
{
	char *at = mmap(NULL, 4 << 20, prot, flags | MAP_ANONYMOUS, -1, 0);

	CHECK(at != MAP_FAILED);
	return at;
}

/* Everything that can be done to a map, by a child; its parent has what it had. */
static void test_maps(void)
{
	char *gone = map(PROT_READ | PROT_WRITE, MAP_PRIVATE), *closed = map(PROT_READ | PROT_WRITE, MAP_PRIVATE);
	char *moved = map(PROT_READ | PROT_WRITE, MAP_PRIVATE), *constant = map(PROT_READ | PROT_WRITE, MAP_PRIVATE);
	char *emptied = map(PROT_READ | PROT_WRITE, MAP_PRIVATE), *replaced = map(PROT_READ | PROT_WRITE, MAP_PRIVATE);
	char *zero = map(PROT_READ | PROT_WRITE, MAP_PRIVATE);
	int out[2], in[2];
	pid_t pid;

	CHECK(!pipe(out) && !pipe(in));
	strcpy(gone + MANY / 2, "gone");
	strcpy(closed, "closed");
	strcpy(moved + 4096, "moved");
	strcpy(constant, "constant");
	strcpy(emptied, "emptied");
	strcpy(replaced, "replaced");
	CHECK(!mprotect(constant, 4096, PROT_READ));
	pid = fork();
	if (!pid) {
		int good = !munmap(gone, MANY) && !mprotect(closed, MANY, PROT_NONE) &&
		           !mprotect(constant, MANY, PROT_READ | PROT_WRITE);

		good &= mremap(moved, MANY, 2 * MANY, MREMAP_MAYMOVE) != MAP_FAILED && !madvise(emptied, MANY, MADV_DONTNEED);
		good &= mmap(replaced, MANY / 2, PROT_READ, MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS, -1, 0) == replaced;
		constant[0] = zero[8192] = 'X';
		/* Somebody else, who looks for places for memory, and is there longer than this process. */
		if (!fork()) {
			dup2(in[0], 0);
			dup2(out[1], 1);
			close(in[1]);
			execl(self, "fork", "fill", NULL);
			_exit(127);
		}
		char c;

		good &= read(out[0], &c, 1) == 1;
		_exit(good && !emptied[0] ? 7 : 8);
	}
	close(in[0]);
	close(out[1]);
	CHECK(exit_of(pid) == 7);
	CHECK(!strcmp(gone + MANY / 2, "gone") && !gone[0]);
	CHECK(!strcmp(closed, "closed"));
	CHECK(!strcmp(moved + 4096, "moved") && !moved[0]);
	CHECK(!strcmp(constant, "constant"));
	CHECK(!strcmp(emptied, "emptied") && !strcmp(replaced, "replaced") && !zero[8192]);
	replaced[0] = 'r';
	closed[MANY - 1] = 'c';
	char c = 0;

	CHECK(write(in[1], "", 1) == 1 && read(out[0], &c, 1) == 1 && c == 'k');
	close(in[1]);
	close(out[0]);
	CHECK(!strcmp(gone + MANY / 2, "gone") && !gone[MANY / 2 + 4096]);
	/* The protection, too. */
	pid = fork();
	if (!pid) {
		constant[1] = 'x';
		_exit(9);
	}
	CHECK(exit_of(pid) == 1000 + SIGSEGV);
	for (char **p = (char *[]){ gone, closed, moved, constant, emptied, replaced, zero, NULL }; *p; p++)
		CHECK(!munmap(*p, MANY));
}

/* What "fill" does: memory of its own everywhere, which stays what it is. */
static int fill(void)
{
	char *at[32], c;
	int good = 1;

	for (int i = 0; i < 32; i++)
		at[i] = memset(malloc(1 << 20), i + 1, 1 << 20);
	if (write(1, "r", 1) != 1 || read(0, &c, 1) != 1)
		return 1;
	for (int i = 0; i < 32; i++)
		good &= at[i][0] == i + 1 && at[i][(1 << 20) - 1] == i + 1;
	return write(1, good ? "k" : "n", 1) != 1;
}

static void test_shared(void)
{
	int *both = (int *)map(PROT_READ | PROT_WRITE, MAP_SHARED);
	pid_t pid;

	both[0] = 1;
	pid = fork();
	if (!pid) {
		both[1] = both[0] + 1;
		both[100000] = 3;
		_exit(0);
	}
	CHECK(exit_of(pid) == 0 && both[0] == 1 && both[1] == 2 && both[100000] == 3);
	munmap(both, MANY);
}

/* Children of children: @depth of them, each sees its own. */
static int nest(int depth)
{
	int mine = depth;
	pid_t pid;

	if (!depth)
		return 0;
	pid = fork();
	if (!pid) {
		mine = -1;
		_exit(nest(depth - 1));
	}
	int below = exit_of(pid);

	return mine == depth && below >= 0 ? below + 1 : 99;
}

static void on_signal(int sig)
{
	caught = sig;
}

static void test_signals(void)
{
	struct sigaction sa = { .sa_handler = on_signal }, now;
	pid_t pid;

	sigaction(SIGUSR1, &sa, NULL);
	pid = fork();
	if (!pid) {
		raise(SIGUSR1);
		int good = caught == SIGUSR1;

		signal(SIGUSR1, SIG_DFL);
		if (good)
			raise(SIGUSR1);
		_exit(1);
	}
	CHECK(exit_of(pid) == 1000 + SIGUSR1);
	CHECK(!caught && !sigaction(SIGUSR1, NULL, &now) && now.sa_handler == on_signal);
	pid = fork();
	if (!pid) {
		kill(getppid(), SIGUSR1);
		_exit(0);
	}
	CHECK(exit_of(pid) == 0 && caught == SIGUSR1);
	pid = fork();
	if (!pid)
		abort();
	CHECK(exit_of(pid) == 1000 + SIGABRT);
}

/* What "signals" does: its parent waits, and gets signals meanwhile. */
static int send_signals(void)
{
	for (int i = 0; i < 10; i++) {
		kill(getppid(), SIGUSR1);
		usleep(20000);
	}
	return 12;
}

static pid_t start_signals(int flags)
{
	struct sigaction sa = { .sa_handler = on_signal, .sa_flags = flags };
	pid_t pid;

	caught = 0;
	sigaction(SIGUSR1, &sa, NULL);
	pid = fork();
	if (!pid) {
		execl(self, "fork", "signals", NULL);
		_exit(127);
	}
	return pid;
}

/* A wait goes on after a handler with SA_RESTART, and without one it ends. */
static void test_interrupted(void)
{
	siginfo_t info;
	int status = 0;
	pid_t pid = start_signals(SA_RESTART);

	CHECK(pid > 0 && waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 12 && caught == SIGUSR1);
	pid = start_signals(SA_RESTART);
	CHECK(pid > 0 && !waitid(P_PID, (id_t)pid, &info, WEXITED) && info.si_status == 12 && caught == SIGUSR1);
	pid = start_signals(0);
	CHECK(pid > 0 && waitpid(pid, &status, 0) == -1 && errno == EINTR && caught == SIGUSR1);
	CHECK(exit_of(pid) == 12);
}

static void at_exit(void)
{
	global++;
}

/* What the C library has not written yet is written by both. */
static void test_stdio(void)
{
	char line[64] = "";
	int out[2];
	FILE *f;
	pid_t pid;

	CHECK(!pipe(out));
	f = fdopen(out[1], "w");
	fprintf(f, "twice ");
	pid = fork();
	if (!pid) {
		atexit(at_exit);
		exit(11);
	}
	CHECK(exit_of(pid) == 11);
	fclose(f);
	CHECK(read(out[0], line, sizeof(line)) == 12 && !strcmp(line, "twice twice "));
	close(out[0]);
	CHECK(global == 1);
}

static pid_t stage(int from, int to, const char *what, int other)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	dup2(from, 0);
	dup2(to, 1);
	close(other);
	if (*what != '!') {
		execl(self, "fork", what, NULL);
		_exit(127);
	}
	/* In this program: more than a pipe holds. */
	char buf[1000];
	int sum = 0;

	memset(buf, 'x', sizeof(buf));
	for (int i = 0; i < 300; i++)
		sum += write(1, buf, sizeof(buf)) == sizeof(buf);
	_exit(sum == 300 ? 0 : 1);
}

/* As a shell has them: all ends are the parent's until their child is there. */
static void test_pipeline(const char *first)
{
	int a[2], b[2], null = open("/dev/null", O_RDWR);
	char text[32] = "";
	pid_t one, two;

	CHECK(null >= 0 && !pipe2(a, O_CLOEXEC) && !pipe2(b, O_CLOEXEC));
	one = stage(null, a[1], first, a[0]);
	close(a[1]);
	two = stage(a[0], b[1], "count", b[0]);
	close(a[0]);
	close(b[1]);
	CHECK(read(b[0], text, sizeof(text)) > 0 && !strcmp(text, "300000"));
	CHECK(exit_of(one) == 0 && exit_of(two) == 0);
	close(b[0]);
	close(null);
}

static int count(void)
{
	char buf[4096];
	long sum = 0, n;

	while ((n = read(0, buf, sizeof(buf))) > 0)
		sum += n;
	printf("%ld", sum);
	return 0;
}

static int produce(void)
{
	for (int i = 0; i < 300000; i++)
		putchar('y');
	return 0;
}

/* Nothing stays of children: together these have more than the machine of the test. */
static void test_many(void)
{
	int good = 0;

	for (int i = 0; i < 100; i++) {
		pid_t pid = fork();

		if (!pid) {
			char *p = memset(malloc(2 * MANY), i, 2 * MANY);

			_exit(p[MANY] == (char)i ? i % 100 : 255);
		}
		good += exit_of(pid) == i % 100;
	}
	CHECK(good == 100);
}

/* A file that is mapped for reading shows what it has, shared or not. */
static void test_file(const char *path)
{
	int fd = open(path, O_RDONLY);
	const char *shared = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	const char *private = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);
	char bytes[4096];

	CHECK(fd >= 0 && shared != MAP_FAILED && private != MAP_FAILED);
	CHECK(read(fd, bytes, 4096) == 4096);
	CHECK(shared != MAP_FAILED && !memcmp(shared, bytes, 4096) && !memcmp(private, bytes, 4096));
	close(fd);
}

static volatile int stop_counting;

static void *count_up(void *arg)
{
	long *n = arg;

	while (!stop_counting)
		__atomic_add_fetch(n, 1, __ATOMIC_RELAXED);
	return NULL;
}

static void *wait_for_byte(void *arg)
{
	char c = 0;

	return read(*(int *)arg, &c, 1) == 1 && c == 'b' ? arg : NULL;
}

/* Threads that compute and that wait: what they do is never lost, and children do not have them. */
static void test_threads(void)
{
	static long n[2];
	pthread_t threads[3];
	void *got;
	int out[2], good = 0;

	CHECK(!pipe(out));
	for (int i = 0; i < 2; i++)
		CHECK(!pthread_create(&threads[i], NULL, count_up, (void *)&n[i]));
	CHECK(!pthread_create(&threads[2], NULL, wait_for_byte, &out[0]));
	for (int i = 0; i < 30; i++) {
		long before = __atomic_load_n(&n[i % 2], __ATOMIC_RELAXED);
		pid_t pid = fork();

		if (!pid) {
			long then = n[0] + n[1];

			usleep(2000);
			if (i == 9 && write(out[1], "b", 1) != 1)
				_exit(1);
			_exit(then == n[0] + n[1] ? 0 : 1);
		}
		good += exit_of(pid) == 0 && __atomic_load_n(&n[i % 2], __ATOMIC_RELAXED) >= before;
	}
	CHECK(good == 30);
	CHECK(!pthread_join(threads[2], &got) && got == &out[0]);
	stop_counting = 1;
	for (int i = 0; i < 2; i++)
		CHECK(!pthread_join(threads[i], NULL) && n[i] > 0);
	close(out[0]);
	close(out[1]);
}

static int run_as(const char *what)
{
	if (!strcmp(what, "fill"))
		return fill();
	if (!strcmp(what, "signals"))
		return send_signals();
	return !strcmp(what, "count") ? count() : produce();
}

int main(int argc, char **argv)
{
	self = getenv("SELF") ? getenv("SELF") : "/fork";
	if (argc > 1)
		return run_as(argv[1]);
	setvbuf(stdout, NULL, _IONBF, 0);
	test_variables();
	test_maps();
	test_shared();
	CHECK(nest(5) == 5);
	test_signals();
	test_interrupted();
	test_stdio();
	test_pipeline("produce");
	test_pipeline("!");
	test_many();
	test_file(self);
	test_threads();
	printf("%d checks, %d failures\n", checks, failures);
	return failures ? 1 : 23;
}
