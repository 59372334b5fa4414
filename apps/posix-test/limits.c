/* SPDX-License-Identifier: BSD-3-Clause */
/* Resource limits, and what they stop: getrlimit(2). */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

#define ANON (MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE)
#define MOST (1ul << 38) /* more than what is mapped, less than there are addresses */

static struct rlimit before;
static volatile sig_atomic_t signals;

static void counted(int sig)
{
	(void)sig;
	signals++;
}

static int lower(int which, rlim_t soft)
{
	getrlimit(which, &before);
	return setrlimit(which, &(struct rlimit){ soft, before.rlim_max });
}

static int restore(int which)
{
	return setrlimit(which, &before);
}

static void kept(void)
{
	static const int all[] = { RLIMIT_CPU,   RLIMIT_FSIZE, RLIMIT_DATA,  RLIMIT_STACK,      RLIMIT_CORE,    RLIMIT_RSS,
		                   RLIMIT_NPROC, RLIMIT_AS,    RLIMIT_LOCKS, RLIMIT_SIGPENDING, RLIMIT_MEMLOCK, RLIMIT_RTTIME };
	struct rlimit now;

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		CHECK_EQ(getrlimit(all[i], &before), 0);
		CHECK(before.rlim_cur <= before.rlim_max);
		rlim_t most = before.rlim_cur > 1ul << 40 ? 1ul << 40 : before.rlim_cur;

		CHECK_EQ(setrlimit(all[i], &(struct rlimit){ most, before.rlim_max }), 0);
		CHECK_EQ(getrlimit(all[i], &now), 0);
		CHECK(now.rlim_cur == most && now.rlim_max == before.rlim_max);
		CHECK_EQ(setrlimit(all[i], &before), 0);
	}
}

static void refused(void)
{
	struct rlimit now;

	CHECK_EQ(getrlimit(RLIMIT_CORE, &before), 0);
	CHECK_ERR(setrlimit(RLIMIT_CORE, &(struct rlimit){ 2, 1 }), EINVAL);
	CHECK_ERR(setrlimit(16, &before), EINVAL);
	CHECK_ERR(getrlimit(16, &now), EINVAL);
	CHECK_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
	CHECK_ERR(setrlimit(RLIMIT_NOFILE, &(struct rlimit){ before.rlim_cur, RLIM_INFINITY }), EPERM);
	CHECK_EQ(getrlimit(RLIMIT_NOFILE, &now), 0);
	CHECK(now.rlim_cur == before.rlim_cur && now.rlim_max == before.rlim_max);
	CHECK_EQ(prlimit(getpid(), RLIMIT_NOFILE, NULL, &now), 0);
	CHECK_ERR(prlimit(0x3fffffff, RLIMIT_NOFILE, NULL, &now), ESRCH);
}

static void file_size_checks(int fd)
{
	char buf[200] = { 0 };

	CHECK_EQ(write(fd, buf, 60), 60);
	CHECK_EQ(write(fd, buf, 60), 40); /* up to the limit */
	CHECK_EQ(signals, 0);
	CHECK_ERR(write(fd, buf, 1), EFBIG);
	CHECK_EQ(signals, 1);
	CHECK_EQ(write(fd, buf, 0), 0);
	CHECK_ERR(pwrite(fd, buf, 1, 1000), EFBIG);
	CHECK_EQ(signals, 2);
	CHECK_EQ(pwrite(fd, buf, 10, 95), 5);
	CHECK_ERR(ftruncate(fd, 101), EFBIG);
	CHECK_EQ(signals, 3);
	CHECK_EQ(ftruncate(fd, 100), 0);
	CHECK_ERR(fallocate(fd, 0, 0, 101), EFBIG);
	CHECK_EQ(lseek(fd, 0, SEEK_END), 100);
	CHECK_EQ(ftruncate(fd, 10), 0);
	CHECK_EQ(ftruncate(fd, 50), 0);
}

static void file_size(void)
{
	struct sigaction act = { .sa_handler = counted }, old;
	int fd = open("/tmp/limited", O_CREAT | O_RDWR | O_TRUNC, 0600);

	signals = 0;
	CHECK_EQ(sigaction(SIGXFSZ, &act, &old), 0);
	CHECK_EQ(lower(RLIMIT_FSIZE, 100), 0);
	file_size_checks(fd);
	CHECK_EQ(restore(RLIMIT_FSIZE), 0);
	sigaction(SIGXFSZ, &old, NULL);
	close(fd);
	unlink("/tmp/limited");
}

/* Larger before the limit came: it may be written within, and shrink; pipes and devices are not meant. */
static void larger_file(void)
{
	int fd = open("/tmp/limited", O_CREAT | O_RDWR | O_TRUNC, 0600), p[2];

	CHECK_EQ(pipe(p), 0);
	CHECK_EQ(ftruncate(fd, 5000), 0);
	signal(SIGXFSZ, SIG_IGN);
	CHECK_EQ(lower(RLIMIT_FSIZE, 100), 0);
	int shrunk = ftruncate(fd, 4000), inside = pwrite(fd, "abc", 3, 50), behind = pwrite(fd, "abc", 3, 200);
	int error = errno, piped = write(p[1], "abc", 3);

	CHECK_EQ(restore(RLIMIT_FSIZE), 0);
	signal(SIGXFSZ, SIG_DFL);
	CHECK(!shrunk && inside == 3 && piped == 3);
	CHECK(behind == -1 && error == EFBIG);
	close(fd);
	close(p[0]);
	close(p[1]);
	unlink("/tmp/limited");
}

static void address_space_checks(void)
{
	char *small = mmap(NULL, 1 << 20, PROT_NONE, ANON, -1, 0), *large;

	CHECK(small != MAP_FAILED);
	CHECK_ERR(mmap(NULL, 2 * MOST, PROT_NONE, ANON, -1, 0), ENOMEM);
	CHECK_ERR(mremap(small, 1 << 20, 2 * MOST, MREMAP_MAYMOVE), ENOMEM);
	large = mmap(NULL, MOST / 4 * 3, PROT_NONE, ANON, -1, 0);
	CHECK(large != MAP_FAILED);
	CHECK_ERR(mmap(NULL, MOST / 4 * 3, PROT_NONE, ANON, -1, 0), ENOMEM);
	/* What is replaced does not count twice. */
	CHECK(mmap(large, MOST / 4 * 3, PROT_NONE, ANON | MAP_FIXED, -1, 0) == large);
	CHECK_EQ(munmap(large, MOST / 4 * 3), 0);
	CHECK_EQ(munmap(small, 1 << 20), 0);
	large = mmap(NULL, MOST / 4 * 3, PROT_NONE, ANON, -1, 0);
	CHECK(large != MAP_FAILED);
	CHECK_EQ(munmap(large, MOST / 4 * 3), 0);
}

static void address_space(void)
{
	CHECK_EQ(lower(RLIMIT_AS, MOST), 0);
	address_space_checks();
	CHECK_EQ(restore(RLIMIT_AS), 0);
}

static void data_checks(int fd)
{
	char *large = mmap(NULL, 2 * MOST, PROT_READ, ANON, -1, 0), *more;

	CHECK(large != MAP_FAILED);
	CHECK_ERR(mprotect(large, 2 * MOST, PROT_READ | PROT_WRITE), ENOMEM);
	CHECK_EQ(mprotect(large, MOST / 4 * 3, PROT_READ | PROT_WRITE), 0);
	CHECK_EQ(mprotect(large, MOST / 4 * 3, PROT_READ | PROT_WRITE), 0);
	CHECK_ERR(mmap(NULL, MOST / 2, PROT_READ | PROT_WRITE, ANON, -1, 0), ENOMEM);
	more = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, ANON, -1, 0);
	CHECK(more != MAP_FAILED);
	CHECK_ERR(mremap(more, 1 << 20, MOST / 2, MREMAP_MAYMOVE), ENOMEM);
	CHECK_EQ(munmap(more, 1 << 20), 0);
	CHECK_EQ(mprotect(large, MOST / 4 * 3, PROT_NONE), 0);
	more = mmap(NULL, MOST / 2, PROT_READ | PROT_WRITE, ANON, -1, 0);
	CHECK(more != MAP_FAILED);
	CHECK_EQ(munmap(more, MOST / 2), 0);
	more = mmap(NULL, 2 * MOST, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd, 0);
	CHECK(more != MAP_FAILED); /* a shared file is not data */
	CHECK_EQ(munmap(more, 2 * MOST), 0);
	CHECK_EQ(munmap(large, 2 * MOST), 0);
}

static void data(void)
{
	int fd = open("/tmp/mapped", O_CREAT | O_RDWR | O_TRUNC, 0600);

	CHECK_EQ(ftruncate(fd, 2 * MOST), 0);
	CHECK_EQ(lower(RLIMIT_DATA, MOST), 0);
	data_checks(fd);
	CHECK_EQ(restore(RLIMIT_DATA), 0);
	close(fd);
	unlink("/tmp/mapped");
}

static void heap(void)
{
	char *end = sbrk(0), *refused;
	int moved;

	CHECK_EQ(lower(RLIMIT_DATA, 0), 0);
	refused = sbrk(1 << 20);
	CHECK_EQ(restore(RLIMIT_DATA), 0);
	CHECK(refused == (void *)-1);
	moved = sbrk(0) != end;
	CHECK(!moved);
}

static void listed(void)
{
	static char text[4096];
	char *line;
	int fd = open("/proc/self/limits", O_RDONLY);
	struct rlimit now;

	CHECK_EQ(lower(RLIMIT_CORE, 0), 0);
	CHECK(read(fd, text, sizeof(text) - 1) > 0);
	close(fd);
	line = strstr(text, "Max core file size        0                    ");
	CHECK_EQ(restore(RLIMIT_CORE), 0);
	CHECK(line);
	getrlimit(RLIMIT_NOFILE, &now);
	line = strstr(text, "Max open files            ");
	CHECK(line);
	CHECK_EQ(strtoul(line + 26, NULL, 10), now.rlim_cur);
	CHECK_EQ(strtoul(line + 47, NULL, 10), now.rlim_max);
	CHECK(strstr(text, "Max realtime timeout      "));
}

#define QUEUED 100

/* Fill it up; how many went in? Other programs of the user's have a share on Linux. */
static int queue_all(int sig)
{
	int n = 0;

	while (n < 2 * QUEUED && !sigqueue(getpid(), sig, (union sigval){ .sival_int = n }))
		n++;
	return n;
}

static int take(int sig, siginfo_t *info)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, sig);
	return sigtimedwait(&set, info, &(struct timespec){ 0 });
}

static void queue_is_full(int sig, int n)
{
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = sig };
	siginfo_t info;
	timer_t t;

	CHECK(n > QUEUED / 2 && n <= QUEUED);
	CHECK_ERR(sigqueue(getpid(), sig, (union sigval){ 0 }), EAGAIN);
	CHECK_ERR(timer_create(CLOCK_MONOTONIC, &ev, &t), EAGAIN);
	CHECK_EQ(pthread_kill(pthread_self(), sig), EAGAIN);
	CHECK_EQ(pthread_kill(pthread_self(), SIGUSR1), 0);
	CHECK_EQ(kill(getpid(), SIGUSR2), 0);
	CHECK_EQ(kill(getpid(), sig + 1), 0);
	CHECK_EQ(take(SIGUSR1, NULL), SIGUSR1);
	CHECK_EQ(take(SIGUSR2, &info), SIGUSR2);
	CHECK(info.si_code == SI_USER && info.si_pid == getpid());
	CHECK_EQ(take(sig + 1, &info), sig + 1);
	CHECK(info.si_code == SI_USER && !info.si_pid); /* there was no room for that */
	for (int i = 0; i < n; i++) {
		CHECK_EQ(take(sig, &info), sig);
		CHECK_EQ(info.si_value.sival_int, i);
	}
	CHECK_ERR(take(sig, NULL), EAGAIN);
}

static void signals_queued(void)
{
	int sig = SIGRTMIN + 3;
	sigset_t set, mask;

	sigfillset(&set);
	sigprocmask(SIG_BLOCK, &set, &mask);
	CHECK_EQ(lower(RLIMIT_SIGPENDING, QUEUED), 0);
	queue_is_full(sig, queue_all(sig));
	int again = queue_all(sig);

	signal(sig, SIG_IGN); /* drops them */
	signal(sig, SIG_DFL);
	int dropped = queue_all(sig);

	signal(sig, SIG_IGN);
	signal(sig, SIG_DFL);
	CHECK_EQ(restore(RLIMIT_SIGPENDING), 0);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	CHECK(again > QUEUED / 2 && again <= QUEUED && dropped > QUEUED / 2);
}

static void timers(void)
{
	struct sigevent ev = { .sigev_notify = SIGEV_NONE };
	timer_t t[2 * QUEUED];

	CHECK_EQ(lower(RLIMIT_SIGPENDING, QUEUED), 0);
	for (int round = 0; round < 2; round++) {
		int n = 0;

		while (n < 2 * QUEUED && !timer_create(CLOCK_MONOTONIC, &ev, &t[n]))
			n++;
		int error = errno;

		for (int i = 0; i < n; i++)
			timer_delete(t[i]);
		CHECK(n > QUEUED / 2 && n <= QUEUED && error == EAGAIN);
	}
	CHECK_EQ(restore(RLIMIT_SIGPENDING), 0);
	CHECK(before.rlim_max >= QUEUED && before.rlim_max != RLIM_INFINITY);
}

static long files_left(void)
{
	struct statfs st;

	return statfs("/dev/shm", &st) ? -1 : (long)st.f_ffree;
}

/* A file system in memory counts further names like files: these take memory too. Others may use it meanwhile. */
static void links(void)
{
	char name[40];
	int fd = open("/dev/shm/linked", O_CREAT | O_RDWR | O_TRUNC, 0600), made = 0;
	long left = files_left(), linked, after;

	close(fd);
	for (int i = 0; i < QUEUED; i++) {
		snprintf(name, sizeof(name), "/dev/shm/linked-%d", i);
		made += !link("/dev/shm/linked", name);
	}
	linked = files_left();
	for (int i = 0; i < QUEUED; i++) {
		snprintf(name, sizeof(name), "/dev/shm/linked-%d", i);
		unlink(name);
	}
	after = files_left();
	unlink("/dev/shm/linked");
	CHECK_EQ(made, QUEUED);
	CHECK(left - linked > QUEUED / 2 && after - linked > QUEUED / 2);
}

const struct test limits_tests[] = {
	{ "kept", kept },
	{ "refused", refused },
	{ "file_size", file_size },
	{ "larger_file", larger_file },
	{ "address_space", address_space },
	{ "data", data },
	{ "heap", heap },
	{ "listed", listed },
	{ "signals_queued", signals_queued },
	{ "timers", timers },
	{ "links", links },
	{ 0 },
};
