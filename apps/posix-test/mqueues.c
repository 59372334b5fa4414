/* SPDX-License-Identifier: BSD-3-Clause */
/* POSIX message queues, as descriptors. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mqueues.h"

static void names(void)
{
	static char name[PATH_MAX + 2];

	unlink_named(NAME);
	CHECK_ERR(open_named(NAME, O_RDWR, NULL), ENOENT);
	CHECK_ERR(unlink_named(NAME), ENOENT);
	CHECK_ERR(open_named("", O_CREAT | O_RDWR, NULL), ENOENT);
	CHECK_ERR(open_named("/a", O_CREAT | O_RDWR, NULL), EACCES);
	CHECK_ERR(open_named("a/b", O_CREAT | O_RDWR, NULL), EACCES);
	CHECK_ERR(open_named(".", O_CREAT | O_RDWR, NULL), EACCES);
	CHECK_ERR(open_named("..", O_RDWR, NULL), EACCES);
	CHECK_ERR(unlink_named("a/b"), EACCES);
	memset(name, 'x', 256);
	CHECK_ERR(open_named(name, O_CREAT | O_RDWR, NULL), ENAMETOOLONG);
	CHECK_ERR(unlink_named(name), ENAMETOOLONG);
	memset(name, 'x', PATH_MAX + 1);
	CHECK_ERR(open_named(name, O_CREAT | O_RDWR, NULL), ENAMETOOLONG);
	name[255] = 0;
	CHECK((fd = open_named(name, O_CREAT | O_RDWR, NULL)) >= 0);
	CHECK_EQ(close(fd), 0);
	CHECK_EQ(unlink_named(name), 0);
	CHECK_ERR(unlink_named(name), ENOENT);
}

static void opening(void)
{
	int other;

	CHECK(begin(2, 0));
	CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
	CHECK_ERR(open_named(NAME, O_CREAT | O_EXCL | O_RDWR, NULL), EEXIST);
	CHECK_ERR(open_named(NAME, O_RDWR | O_WRONLY, NULL), EINVAL);
	CHECK((other = open_named(NAME, O_RDONLY, NULL)) >= 0);
	CHECK_EQ(put(1, 0), 0);
	CHECK_ERR(mq_send(other, "x", 1, 0), EBADF);
	close(fd);
	fd = other;
	CHECK_EQ(next(NULL), 1); /* it outlives a descriptor */
	CHECK((other = open_named(NAME, O_CREAT | O_WRONLY, NULL)) >= 0);
	CHECK_ERR(mq_receive(other, (char[SIZE]){ 0 }, SIZE, NULL), EBADF);
	CHECK_EQ(unlink_named(NAME), 0);
	CHECK_EQ(mq_send(other, "7", 1, 0), 0); /* and its name */
	CHECK_EQ(next(NULL), 7);
	close(other);
	CHECK(begin(1, 0));
	end();
	CHECK_ERR(mq_send(0, "x", 1, 0), EBADF);
	CHECK_ERR(mq_receive(-1, (char[SIZE]){ 0 }, SIZE, NULL), EBADF);
}

static void attributes(void)
{
	struct mq_attr bad = { .mq_maxmsg = 0, .mq_msgsize = 1 }, a, b;

	unlink_named(NAME);
	CHECK_ERR(open_named(NAME, O_CREAT | O_RDWR, &bad), EINVAL);
	bad = (struct mq_attr){ .mq_maxmsg = 1, .mq_msgsize = -1 };
	CHECK_ERR(open_named(NAME, O_CREAT | O_RDWR, &bad), EINVAL);
	bad = (struct mq_attr){ .mq_maxmsg = 65537, .mq_msgsize = 1 };
	CHECK_ERR(open_named(NAME, O_CREAT | O_RDWR, &bad), EINVAL);
	bad = (struct mq_attr){ .mq_maxmsg = 1, .mq_msgsize = (16 << 20) + 1 };
	CHECK_ERR(open_named(NAME, O_CREAT | O_RDWR, &bad), EINVAL);
	CHECK((fd = open_named(NAME, O_CREAT | O_RDWR, NULL)) >= 0);
	CHECK_EQ(mq_getattr(fd, &a), 0);
	CHECK_EQ(a.mq_maxmsg, 10);
	CHECK_EQ(a.mq_msgsize, 8192);
	end();
	CHECK(begin(3, O_NONBLOCK));
	CHECK_EQ(put(1, 0), 0);
	CHECK_EQ(mq_getattr(fd, &a), 0);
	CHECK(a.mq_maxmsg == 3 && a.mq_msgsize == SIZE && a.mq_curmsgs == 1 && a.mq_flags == O_NONBLOCK);
	a = (struct mq_attr){ .mq_maxmsg = 9 };
	CHECK_EQ(mq_setattr(fd, &a, &b), 0);
	CHECK(b.mq_flags == O_NONBLOCK && b.mq_maxmsg == 3);
	CHECK_EQ(mq_getattr(fd, &a), 0);
	CHECK(!a.mq_flags && a.mq_maxmsg == 3);
	CHECK(!(fcntl(fd, F_GETFL) & O_NONBLOCK));
	a.mq_flags = O_APPEND;
	CHECK_ERR(mq_setattr(fd, &a, NULL), EINVAL);
	end();
	CHECK_ERR(mq_getattr(fd, &a), EBADF);
}

/* What RLIMIT_MSGQUEUE bounds. */
static void bytes(void)
{
	struct mq_attr attr = { .mq_maxmsg = 10, .mq_msgsize = 100 };
	struct rlimit old, less;
	int other;

	unlink_named(NAME);
	CHECK_EQ(getrlimit(RLIMIT_MSGQUEUE, &old), 0);
	less = (struct rlimit){ 3000, old.rlim_max };
	CHECK_EQ(setrlimit(RLIMIT_MSGQUEUE, &less), 0);
	fd = open_named(NAME, O_CREAT | O_RDWR, &attr); /* 1000 of text, 960 for what is around */
	other = open_named(NAME "2", O_CREAT | O_RDWR, &attr);
	setrlimit(RLIMIT_MSGQUEUE, &old);
	CHECK(fd >= 0);
	CHECK(other < 0 && errno == EMFILE);
	end();
	CHECK((fd = open_named(NAME "2", O_CREAT | O_RDWR, &attr)) >= 0);
	close(fd);
	CHECK_EQ(unlink_named(NAME "2"), 0);
	/* What is gone is not counted. */
	for (int i = 0; i < 2000; i++) {
		CHECK(begin(10, 0));
		CHECK_EQ(put(i, 0), 0);
		end();
	}
}

static void order(void)
{
	static const struct {
		int number;
		unsigned prio;
	} in[] = { { 1, 0 }, { 2, 5 }, { 3, 32767 }, { 4, 5 }, { 5, 0 }, { 6, 6 } };
	static const int out[] = { 3, 6, 2, 4, 1, 5 };
	unsigned prio;

	CHECK(begin(6, 0));
	for (int i = 0; i < 6; i++)
		CHECK_EQ(put(in[i].number, in[i].prio), 0);
	CHECK_ERR(put(7, 32768), EINVAL);
	for (int i = 0; i < 6; i++) {
		CHECK_EQ(next(&prio), out[i]);
		CHECK_EQ(prio, in[out[i] - 1].prio);
	}
	end();
}

static void sizes(void)
{
	char buf[SIZE + 1] = "0123456789abcdef";

	CHECK(begin(2, O_NONBLOCK));
	CHECK_ERR(mq_receive(fd, buf, SIZE, NULL), EAGAIN);
	CHECK_ERR(mq_receive(fd, buf, SIZE - 1, NULL), EMSGSIZE);
	CHECK_ERR(mq_send(fd, buf, SIZE + 1, 0), EMSGSIZE);
	CHECK_EQ(mq_send(fd, "", 0, 0), 0);
	CHECK_EQ(mq_send(fd, buf, SIZE, 0), 0);
	CHECK_ERR(mq_send(fd, buf, 1, 0), EAGAIN);
	CHECK_EQ(mq_receive(fd, buf, sizeof(buf), NULL), 0);
	memset(buf, 0, sizeof(buf));
	CHECK_EQ(mq_receive(fd, buf, SIZE, NULL), SIZE);
	CHECK(!strcmp(buf, "0123456789abcdef"));
	CHECK_ERR(mq_receive(fd, buf, SIZE, NULL), EAGAIN);
	end();
}

static void time_outs(void)
{
	struct timespec soon = after(60), bad = { 0, 1000000000 }, past = { 1, 0 };
	char buf[SIZE];
	long start = test_now();

	CHECK(begin(1, 0));
	CHECK_ERR(mq_timedreceive(fd, buf, SIZE, NULL, &soon), ETIMEDOUT);
	CHECK(test_now() - start >= 55);
	CHECK_ERR(mq_timedreceive(fd, buf, SIZE, NULL, &past), ETIMEDOUT);
	CHECK_ERR(mq_timedreceive(fd, buf, SIZE, NULL, &bad), EINVAL);
	CHECK_EQ(mq_timedsend(fd, "1", 1, 0, &past), 0); /* there is room, so no wait */
	start = test_now();
	soon = after(60);
	CHECK_ERR(mq_timedsend(fd, "2", 1, 0, &soon), ETIMEDOUT);
	CHECK(test_now() - start >= 55);
	CHECK_ERR(mq_timedsend(fd, "2", 1, 0, &bad), EINVAL);
	CHECK_EQ(next(NULL), 1);
	CHECK_ERR(mq_timedreceive(fd, buf, SIZE, NULL, &past), ETIMEDOUT); /* what timed out was not sent */
	end();
}

static void do_put(void *arg)
{
	put((int)(long)arg, 1);
}

static void do_take(void *arg)
{
	*(long *)arg = next(NULL);
}

static void waiting(void)
{
	struct mq_attr a;
	unsigned prio;
	long got = 0;

	CHECK(begin(1, 0));
	test_later(50, do_put, (void *)9);
	CHECK_EQ(next(&prio), 9);
	CHECK_EQ(prio, 1);
	test_join();
	CHECK_EQ(put(1, 0), 0);
	test_later(50, do_take, &got);
	CHECK_EQ(put(2, 0), 0);
	test_join();
	CHECK_EQ(got, 1);
	CHECK_EQ(mq_getattr(fd, &a), 0);
	CHECK_EQ(a.mq_curmsgs, 1);
	CHECK_EQ(next(NULL), 2);
	end();
}

static void on_usr1(int sig)
{
	(void)sig;
}

static pthread_t waiter;

static void interrupt(void *unused)
{
	(void)unused;
	pthread_kill(waiter, SIGUSR1);
}

static void interrupted(void)
{
	struct sigaction sa = { .sa_handler = on_usr1 };
	char buf[SIZE];

	CHECK(begin(1, 0));
	sigaction(SIGUSR1, &sa, NULL);
	waiter = pthread_self();
	test_later(30, interrupt, NULL);
	CHECK_ERR(mq_receive(fd, buf, SIZE, NULL), EINTR);
	test_join();
	CHECK_EQ(put(1, 0), 0);
	test_later(30, interrupt, NULL);
	CHECK_ERR(mq_send(fd, "2", 1, 0), EINTR);
	test_join();
	CHECK_EQ(next(NULL), 1);
	signal(SIGUSR1, SIG_DFL);
	end();
}

static short ready(int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT };

	return poll(&p, 1, ms) < 0 ? -1 : p.revents;
}

static void polling(void)
{
	struct pollfd p = { .events = POLLIN };

	CHECK(begin(2, 0));
	CHECK_EQ(ready(0), POLLOUT);
	CHECK_EQ(put(1, 0), 0);
	CHECK_EQ(ready(0), POLLIN | POLLOUT);
	CHECK_EQ(put(2, 0), 0);
	CHECK_EQ(ready(0), POLLIN);
	CHECK_EQ(next(NULL), 1);
	CHECK_EQ(next(NULL), 2);
	p.fd = fd;
	test_later(40, do_put, (void *)3);
	CHECK_EQ(poll(&p, 1, 2000), 1);
	CHECK_EQ(p.revents, POLLIN);
	test_join();
	end();
}

static void the_file(void)
{
	char line[128] = "";
	struct stat st;

	CHECK(begin(2, 0));
	CHECK_EQ(put(123, 0), 0);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK(S_ISREG(st.st_mode));
	CHECK_EQ(st.st_mode & 0777, 0600);
	CHECK_EQ(st.st_size, 80);
	CHECK(read(fd, line, sizeof(line) - 1) > 0);
	CHECK(!strcmp(line, "QSIZE:3          NOTIFY:0     SIGNO:0     NOTIFY_PID:0     \n"));
	CHECK_EQ(read(fd, line, sizeof(line)), 0);
	CHECK_ERR(write(fd, "x", 1), EINVAL);
	end();
}

/* A queue that nobody gets a descriptor of is not made. */
static void no_descriptor(void)
{
	struct rlimit before, none;

	unlink_named(NAME);
	getrlimit(RLIMIT_NOFILE, &before);
	none = (struct rlimit){ 0, before.rlim_max };
	CHECK_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
	int made = open_named(NAME, O_CREAT | O_RDWR, NULL), error = errno;

	setrlimit(RLIMIT_NOFILE, &before);
	CHECK(made == -1 && error == EMFILE);
	CHECK_ERR(unlink_named(NAME), ENOENT);
}

const struct test mqueues_tests[] = {
	{ "names", names },
	{ "opening", opening },
	{ "attributes", attributes },
	{ "bytes", bytes },
	{ "order", order },
	{ "sizes", sizes },
	{ "time-outs", time_outs },
	{ "waiting", waiting },
	{ "polling", polling },
	{ "interrupted", interrupted },
	{ "file", the_file },
	{ "no descriptor", no_descriptor },
	{ NULL, NULL },
};
