/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Processes, as a Linux program meets them: vfork, execve, wait, and what C libraries make of them. All that it prints is the same wherever it
 * runs, so no pids. Run again as a child it does what its first argument says.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static char *self;

/* A child that runs this program with @argv; with @prepare done before. */
static pid_t run_with(void (*prepare)(void), char *const argv[])
{
	pid_t pid = vfork();

	if (pid)
		return pid;
	if (prepare)
		prepare();
	execv(self, argv);
	_exit(127);
}

#define RUN(...) run_with(NULL, (char *[]){ "spawn", __VA_ARGS__, NULL })

static int status_of(pid_t pid)
{
	int status = -1;
	pid_t got;

	do
		got = waitpid(pid, &status, 0);
	while (got < 0 && errno == EINTR);
	return got == pid ? status : -1;
}

static int exited(int status, int code)
{
	return WIFEXITED(status) && WEXITSTATUS(status) == code;
}

static void test_statuses(void)
{
	siginfo_t info;
	int status;
	pid_t pid;

	CHECK(wait(&status) == -1 && errno == ECHILD);
	CHECK(exited(status_of(RUN("exit", "0")), 0));
	CHECK(exited(status_of(RUN("exit", "41")), 41));
	CHECK(exited(status_of(RUN("exit", "300")), 300 & 255));
	status = status_of(RUN("signal", "15"));
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
	status = status_of(RUN("signal", "9"));
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	status = status_of(RUN("fault"));
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
	status = status_of(RUN("alarm"));
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM);
	CHECK(alarm(0) == 0 && alarm(100) == 0 && alarm(0) == 100);
	CHECK(exited(status_of(RUN("threads", "7")), 7));
	CHECK(exited(status_of(RUN("last-thread")), 0));
	pid = RUN("exit", "5");
	memset(&info, 0, sizeof(info));
	CHECK(waitid(P_PID, pid, &info, WEXITED | WNOWAIT) == 0 && info.si_pid == pid && info.si_status == 5);
	CHECK(info.si_signo == SIGCHLD && info.si_code == CLD_EXITED);
	CHECK(waitpid(-1, &status, WNOHANG) == pid && exited(status, 5));
	CHECK(waitpid(pid, &status, WNOHANG) == -1 && errno == ECHILD);
}

static void test_waiting(void)
{
	int pipes[2], status;
	siginfo_t info;
	pid_t slow, fast;

	CHECK(pipe2(pipes, O_CLOEXEC) == 0);
	slow = vfork();
	if (!slow) {
		dup2(pipes[0], 0);
		execl(self, "spawn", "cat", NULL);
		_exit(127);
	}
	CHECK(waitpid(slow, &status, WNOHANG) == 0);
	CHECK(waitid(P_ALL, 0, &info, WEXITED | WNOHANG) == 0 && info.si_pid == 0);
	fast = RUN("exit", "3");
	CHECK(waitpid(-1, &status, 0) == fast && exited(status, 3));
	CHECK(kill(slow, 0) == 0);
	close(pipes[0]);
	close(pipes[1]);
	CHECK(exited(status_of(slow), 0));
	CHECK(kill(slow, 0) == -1 && errno == ESRCH);
	slow = RUN("sleep");
	CHECK(kill(slow, SIGTERM) == 0);
	status = status_of(slow);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
}

static volatile sig_atomic_t children;
static volatile sig_atomic_t child_code, child_status;

static void on_child(int sig, siginfo_t *info, void *context)
{
	(void)sig, (void)context;
	children++;
	child_code = info->si_code;
	child_status = info->si_status;
}

static void ignore_it(int sig)
{
	(void)sig;
}

static void test_signals(void)
{
	struct sigaction act = { .sa_sigaction = on_child, .sa_flags = SA_SIGINFO };
	sigset_t set, old;
	int status;
	pid_t pid;

	sigaction(SIGCHLD, &act, NULL);
	pid = RUN("exit", "9");
	CHECK(exited(status_of(pid), 9));
	CHECK(children == 1 && child_code == CLD_EXITED && child_status == 9);
	pid = RUN("signal", "6");
	status = status_of(pid);
	CHECK(WIFSIGNALED(status) && children == 2 && child_status == SIGABRT);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, &old);
	pid = RUN("mask");
	CHECK(exited(status_of(pid), 1));
	CHECK(children == 2);
	sigprocmask(SIG_SETMASK, &old, NULL);
	CHECK(children == 3);
	signal(SIGCHLD, SIG_IGN);
	pid = RUN("exit", "0");
	CHECK(waitpid(pid, &status, 0) == -1 && errno == ECHILD);
	signal(SIGCHLD, SIG_DFL);
	signal(SIGUSR1, SIG_IGN);
	signal(SIGUSR2, ignore_it);
	CHECK(exited(status_of(RUN("dispositions")), 0));
	signal(SIGUSR1, SIG_DFL);
	signal(SIGUSR2, SIG_DFL);
}

static int shared = 1;

static void test_vfork(void)
{
	volatile int on_stack = 1;
	char *grown;
	pid_t pid = vfork();

	if (!pid) {
		shared = 2;
		on_stack = 2;
		grown = sbrk(10000);
		memset(grown, 1, 10000);
		_exit(getppid() > 0 ? 4 : 5);
	}
	CHECK(shared == 2 && on_stack == 2);
	CHECK(exited(status_of(pid), 4));
	grown = malloc(50000);
	memset(grown, 2, 50000);
	free(grown);
	pid = vfork();
	if (!pid) {
		execl("/nowhere/program", "program", NULL);
		_exit(errno == ENOENT ? 11 : 12);
	}
	CHECK(exited(status_of(pid), 11));
	pid = vfork();
	if (!pid) {
		execl("/", "program", NULL);
		_exit(errno == EACCES ? 11 : 12);
	}
	CHECK(exited(status_of(pid), 11));
}

static void test_state(void)
{
	char before[4096], after[4096], number[16];
	int kept = open("/dev/null", O_RDONLY), closed = open("/dev/null", O_RDONLY | O_CLOEXEC);
	mode_t mask = umask(077);
	pid_t pid;

	CHECK(getcwd(before, sizeof(before)) != NULL);
	pid = vfork();
	if (!pid) {
		close(kept);
		umask(0);
		if (chdir("/"))
			_exit(126);
		_exit(0);
	}
	CHECK(exited(status_of(pid), 0));
	CHECK(fcntl(kept, F_GETFD) == 0 && umask(077) == 077);
	CHECK(getcwd(after, sizeof(after)) && !strcmp(before, after));
	snprintf(number, sizeof(number), "%d", kept);
	CHECK(exited(status_of(RUN("open", number)), 0));
	snprintf(number, sizeof(number), "%d", closed);
	CHECK(exited(status_of(RUN("open", number)), 1));
	CHECK(fcntl(closed, F_GETFD) == FD_CLOEXEC);
	CHECK(exited(status_of(RUN("umask")), 077));
	CHECK(exited(status_of(RUN("exe")), 0));
	CHECK(exited(status_of(RUN("exe-again")), 0));
	umask(mask);
	close(kept);
	close(closed);
}

static void *run_some(void *arg)
{
	long bad = 0;

	(void)arg;
	for (int i = 0; i < 5; i++)
		bad += !exited(status_of(RUN("exit", "6")), 6);
	return (void *)bad;
}

static void test_threads(void)
{
	pthread_t threads[3];
	void *bad;

	for (int i = 0; i < 3; i++)
		CHECK(pthread_create(&threads[i], NULL, run_some, NULL) == 0);
	for (int i = 0; i < 3; i++)
		CHECK(pthread_join(threads[i], &bad) == 0 && !bad);
}

static void test_ids(void)
{
	char parent[16];
	pid_t pid;

	snprintf(parent, sizeof(parent), "%d", (int)getpid());
	CHECK(exited(status_of(RUN("parent", parent)), 0));
	pid = RUN("sleep");
	CHECK(getpgid(pid) == getpgrp() && pid != getpid());
	CHECK(setpgid(pid, pid) == -1 && errno == EACCES ? 1 : getpgid(pid) == getpgrp() || getpgid(pid) == pid);
	CHECK(kill(pid, SIGKILL) == 0 && WIFSIGNALED(status_of(pid)));
	CHECK(exited(status_of(RUN("session")), 0));
}

static void test_libc(void)
{
	posix_spawn_file_actions_t actions;
	char *argv[] = { "spawn", "cat", NULL }, line[100] = "", *environment[] = { "NAME=of the child", NULL };
	int in[2], out[2];
	pid_t pid;

	CHECK(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in[0], 0);
	posix_spawn_file_actions_adddup2(&actions, out[1], 1);
	CHECK(posix_spawn(&pid, self, &actions, NULL, argv, environment) == 0);
	close(in[0]);
	close(out[1]);
	CHECK(write(in[1], "through two pipes\n", 18) == 18);
	close(in[1]);
	CHECK(read(out[0], line, sizeof(line)) == 18 && !strcmp(line, "through two pipes\n"));
	CHECK(read(out[0], line, sizeof(line)) == 0);
	close(out[0]);
	CHECK(exited(status_of(pid), 0));
	posix_spawn_file_actions_destroy(&actions);
	CHECK(posix_spawn(&pid, "/nowhere", NULL, NULL, argv, environment) == ENOENT);
	argv[1] = "environment";
	CHECK(posix_spawn(&pid, self, NULL, NULL, argv, environment) == 0);
	CHECK(exited(status_of(pid), 0));
}

/* a | b */
static void test_pipeline(void)
{
	int between[2], out[2];
	char buf[65536];
	volatile long sum = 0;
	ssize_t got;
	pid_t a, b;

	CHECK(pipe2(between, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0);
	a = vfork();
	if (!a) {
		dup2(between[1], 1);
		execl(self, "spawn", "numbers", NULL);
		_exit(127);
	}
	b = vfork();
	if (!b) {
		dup2(between[0], 0);
		dup2(out[1], 1);
		execl(self, "spawn", "cat", NULL);
		_exit(127);
	}
	close(between[0]);
	close(between[1]);
	close(out[1]);
	while ((got = read(out[0], buf, sizeof(buf))) > 0)
		sum += got;
	CHECK(sum == 48894);
	CHECK(exited(status_of(a), 0) && exited(status_of(b), 0));
	close(out[0]);
}

static long free_memory(void)
{
	struct sysinfo info;

	return sysinfo(&info) ? 0 : (long)(info.freeram * info.mem_unit);
}

/* Where nothing else runs, which the environment says, nothing is lost by a child. */
static void test_many(void)
{
	int good = 0;
	long before, lost;

	CHECK(exited(status_of(RUN("threads", "1")), 1));
	before = free_memory();
	for (int i = 0; i < 50; i++) {
		good += exited(status_of(RUN("exit", "1")), 1);
		good += exited(status_of(RUN("threads", "2")), 2);
		good += WIFSIGNALED(status_of(RUN("fault")));
	}
	CHECK(good == 150);
	lost = before - free_memory();
	CHECK(!getenv("ALONE") || lost < 64 << 10);
}

/* So many may there be, if the environment says how many. */
static void test_bound(void)
{
	const char *text = getenv("ALONE");
	int most = text ? atoi(text) : 20, in[2];
	volatile int n = 0;
	pid_t pids[100], pid;

	CHECK(pipe2(in, O_CLOEXEC) == 0);
	for (;;) {
		pid = n < most ? vfork() : -1;
		if (!pid) {
			dup2(in[0], 0);
			execl(self, "spawn", "cat", NULL);
			_exit(127);
		}
		if (pid < 0)
			break;
		pids[n++] = pid;
	}
	CHECK(text ? n == most - 1 && errno == EAGAIN : n == most);
	close(in[0]);
	close(in[1]);
	int good = 0;

	for (int i = 0; i < n; i++)
		good += exited(status_of(pids[i]), 0);
	CHECK(good == n);
}

static void test_orphan(void)
{
	char line[16] = "";
	int out[2];
	pid_t pid;

	CHECK(pipe2(out, O_CLOEXEC) == 0);
	pid = vfork();
	if (!pid) {
		dup2(out[1], 1);
		execl(self, "spawn", "orphan", NULL);
		_exit(127);
	}
	close(out[1]);
	CHECK(exited(status_of(pid), 0));
	CHECK(read(out[0], line, sizeof(line)) == 5 && !strcmp(line, "still"));
	CHECK(wait(NULL) == -1 && errno == ECHILD);
	close(out[0]);
}

static void test_script(const char *folder)
{
	char path[200], line[200] = "";
	FILE *f;
	int out[2];
	pid_t pid;

	snprintf(path, sizeof(path), "%s/script", folder);
	f = fopen(path, "w");
	CHECK(f != NULL);
	fprintf(f, "#! %s  list of\nwhatever\n", self);
	fclose(f);
	CHECK(pipe2(out, O_CLOEXEC) == 0);
	pid = vfork();
	if (!pid) {
		execl(path, "name", "one", NULL);
		_exit(errno == EACCES ? 9 : 8);
	}
	CHECK(exited(status_of(pid), 9));
	CHECK(chmod(path, 0755) == 0);
	pid = vfork();
	if (!pid) {
		dup2(out[1], 1);
		execl(path, "name", "one", "two", NULL);
		_exit(127);
	}
	close(out[1]);
	CHECK(exited(status_of(pid), 0));
	CHECK(read(out[0], line, sizeof(line)) > 0);
	CHECK(strstr(line, "[list of]") && strstr(line, "/script]") && strstr(line, "[one][two]") && !strstr(line, "name"));
	close(out[0]);
	unlink(path);
}

static void *sleep_long(void *arg)
{
	(void)arg;
	sleep(1000);
	return NULL;
}

static void *end_later(void *arg)
{
	(void)arg;
	usleep(10000);
	return NULL;
}

static int list(char **argv)
{
	for (int i = 1; argv[i]; i++)
		printf("[%s]", argv[i]);
	return 0;
}

static int as_child(int argc, char **argv)
{
	const char *what = argv[1], *arg = argc > 2 ? argv[2] : "";
	char buf[4096];
	struct sigaction act;
	pthread_t thread;
	sigset_t set;
	ssize_t got;

	if (!strcmp(what, "exit"))
		return atoi(arg);
	if (!strcmp(what, "list of"))
		return list(argv);
	if (!strcmp(what, "signal")) {
		kill(getpid(), atoi(arg));
		return 1;
	}
	if (!strcmp(what, "fault")) {
		*(volatile char *)mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) = 1;
		return 1;
	}
	if (!strcmp(what, "threads")) {
		for (int i = 0; i < 3; i++)
			pthread_create(&thread, NULL, sleep_long, NULL);
		exit(atoi(arg));
	}
	if (!strcmp(what, "last-thread")) {
		pthread_create(&thread, NULL, end_later, NULL);
		pthread_exit(NULL);
	}
	if (!strcmp(what, "replace")) {
		for (int i = 0; i < 3; i++)
			pthread_create(&thread, NULL, sleep_long, NULL);
		usleep(1000);
		execl(self, "spawn", "exit", arg, NULL);
		return 1;
	}
	if (!strcmp(what, "cat")) {
		while ((got = read(0, buf, sizeof(buf))) > 0)
			if (write(1, buf, got) != got)
				return 1;
		return 0;
	}
	if (!strcmp(what, "numbers")) {
		for (int i = 1; i <= 10000; i++)
			printf("%d\n", i);
		return 0;
	}
	if (!strcmp(what, "alarm")) {
		alarm(1);
		pause();
		return 0;
	}
	if (!strcmp(what, "sleep")) {
		sleep(1000);
		return 0;
	}
	if (!strcmp(what, "open"))
		return fcntl(atoi(arg), F_GETFD) < 0;
	if (!strcmp(what, "exe")) {
		got = readlink("/proc/self/exe", buf, sizeof(buf) - 1);
		return got < 0 || strncmp(buf, self, got) || self[got];
	}
	if (!strcmp(what, "exe-again")) {
		execl("/proc/self/exe", "spawn", "exe", NULL);
		return 1;
	}
	if (!strcmp(what, "umask"))
		return umask(0);
	if (!strcmp(what, "mask")) {
		sigprocmask(SIG_BLOCK, NULL, &set);
		return sigismember(&set, SIGCHLD);
	}
	if (!strcmp(what, "dispositions")) {
		sigaction(SIGUSR1, NULL, &act);
		if (act.sa_handler != SIG_IGN)
			return 1;
		sigaction(SIGUSR2, NULL, &act);
		return act.sa_handler != SIG_DFL;
	}
	if (!strcmp(what, "parent"))
		return getppid() != atoi(arg) || getpid() == getppid();
	if (!strcmp(what, "session"))
		return setsid() != getpid() || getpgrp() != getpid() || getsid(0) != getpid();
	if (!strcmp(what, "environment"))
		return strcmp(getenv("NAME") ? getenv("NAME") : "", "of the child") != 0;
	if (!strcmp(what, "orphan"))
		return RUN("orphaned") < 0;
	if (!strcmp(what, "orphaned")) {
		usleep(50000);
		return write(1, "still", 5) != 5;
	}
	return 99;
}

int main(int argc, char **argv)
{
	const char *folder = getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp";

	self = getenv("SELF") ? getenv("SELF") : "/spawn";
	if (argc > 1)
		return as_child(argc, argv);
	setvbuf(stdout, NULL, _IONBF, 0);
	test_statuses();
	test_waiting();
	test_signals();
	test_vfork();
	test_state();
	test_threads();
	test_ids();
	test_libc();
	test_pipeline();
	test_many();
	test_bound();
	test_orphan();
	test_script(folder);
	CHECK(exited(status_of(RUN("replace", "21")), 21));
	printf("%d checks, %d failures\n", checks, failures);
	fflush(stdout);
	execl(self, "spawn", "exit", failures ? "1" : "17", NULL);
	return 1;
}
