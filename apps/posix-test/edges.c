/* SPDX-License-Identifier: BSD-3-Clause */
/* Full tables, ends of sockets, stacks that a handler leaves by a jump. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "test.h"

#define FILES 64

static int fds[FILES], used;
static struct rlimit limit;

static void fill_table(void)
{
	struct rlimit few;

	getrlimit(RLIMIT_NOFILE, &limit);
	few = (struct rlimit){ FILES, limit.rlim_max };
	setrlimit(RLIMIT_NOFILE, &few);
	used = 0;
	while (used < FILES && (fds[used] = dup(0)) >= 0)
		used++;
}

static void empty_table(void)
{
	while (used)
		close(fds[--used]);
	setrlimit(RLIMIT_NOFILE, &limit);
}

static int make_listener(struct sockaddr_un *sun)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	memset(sun, 0, sizeof(*sun));
	sun->sun_family = AF_UNIX;
	strcpy(sun->sun_path + 1, "edges");
	if (bind(fd, (struct sockaddr *)sun, sizeof(*sun)) || listen(fd, 4))
		return -1;
	return fd;
}

/* Nothing is made, cut or taken when there is no number for it. */
static void full_table(void)
{
	static const char path[] = "/tmp/edges-file", other[] = "/tmp/edges-other";
	struct sockaddr_un sun;
	int fd = open(path, O_CREAT | O_RDWR, 0600), pair[2] = { -1, -1 }, listener = make_listener(&sun), client, child;
	struct stat st;
	char c = 0;

	unlink(other);
	CHECK_EQ(write(fd, "12345", 5), 5);
	close(fd);
	client = socket(AF_UNIX, SOCK_STREAM, 0);
	CHECK_EQ(connect(client, (struct sockaddr *)&sun, sizeof(sun)), 0);
	fill_table();
	int truncated = open(path, O_RDWR | O_TRUNC), err1 = errno;
	int created = open(other, O_RDWR | O_CREAT, 0600), err2 = errno;
	int accepted = accept(listener, NULL, NULL), err3 = errno;

	close(fds[--used]); /* one number, and two are wanted */
	int piped = pipe(pair), err4 = errno;
	int paired = socketpair(AF_UNIX, SOCK_STREAM, 0, pair), err5 = errno;
	int again = dup(0); /* that number is still free */

	empty_table();
	close(again);
	CHECK(truncated == -1 && err1 == EMFILE && created == -1 && err2 == EMFILE && accepted == -1 && err3 == EMFILE);
	CHECK(piped == -1 && err4 == EMFILE && paired == -1 && err5 == EMFILE && again >= 0 && pair[0] == -1);
	CHECK(!stat(path, &st) && st.st_size == 5);
	CHECK_ERR(stat(other, &st), ENOENT);
	child = accept(listener, NULL, NULL);
	CHECK(child >= 0);
	CHECK_EQ(write(client, "x", 1), 1);
	CHECK_EQ(read(child, &c, 1), 1);
	close(child);
	close(client);
	close(listener);
	unlink(path);
}

static volatile bool stop_closing;
static int contested;

static void *keep_closing(void *arg)
{
	while (!stop_closing)
		close(contested);
	return arg;
}

/* There is one number, two are wanted, and another thread closes whatever has that number. */
static void closed_meanwhile(void)
{
	pthread_t closer;
	int pair[2], wrong = 0;

	fill_table();
	contested = fds[used - 1];
	stop_closing = false;
	pthread_create(&closer, NULL, keep_closing, NULL);
	for (int i = 0; i < 20000; i++) {
		wrong += pipe(pair) != -1 || errno != EMFILE;
		wrong += socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != -1 || errno != EMFILE;
		if (i % 64 == 0)
			sched_yield();
	}
	stop_closing = true;
	pthread_join(closer, NULL);
	used--;
	empty_table();
	CHECK_EQ(wrong, 0);
}

static void listener_goes(void)
{
	struct sockaddr_un sun;
	int listener = make_listener(&sun), client = socket(AF_UNIX, SOCK_STREAM, 0);
	char c;

	CHECK_EQ(connect(client, (struct sockaddr *)&sun, sizeof(sun)), 0);
	close(listener);
	CHECK_ERR(read(client, &c, 1), ECONNRESET);
	CHECK_EQ(read(client, &c, 1), 0);
	close(client);
}

static void shut_down(void)
{
	int pair[2];

	CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	struct pollfd p = { .fd = pair[0], .events = POLLIN };

	CHECK_EQ(shutdown(pair[0], SHUT_RDWR), 0);
	CHECK_EQ(poll(&p, 1, 0), 1);
	CHECK_EQ(p.revents, POLLIN | POLLHUP);
	close(pair[0]);
	close(pair[1]);
}

static void packets(void)
{
	char c;
	struct iovec iov = { &c, 1 };
	struct msghdr hdr = { .msg_iov = &iov, .msg_iovlen = 1 };
	int pair[2];

	CHECK_EQ(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	CHECK_EQ(write(pair[0], "x", 1), 1);
	CHECK_EQ(recvmsg(pair[1], &hdr, 0), 1);
	CHECK_EQ(hdr.msg_flags & MSG_EOR, 0);
	close(pair[0]);
	close(pair[1]);
}

static sigjmp_buf back;

static void jump(int sig)
{
	(void)sig;
	siglongjmp(back, 1);
}

static void leave_stack(void)
{
	struct sigaction sa = { .sa_handler = jump, .sa_flags = SA_ONSTACK };
	stack_t stack = { .ss_sp = malloc(65536), .ss_size = 65536 }, now;

	CHECK_EQ(sigaltstack(&stack, NULL), 0);
	sigaction(SIGUSR1, &sa, NULL);
	for (int i = 0; i < 3; i++) {
		if (!sigsetjmp(back, 1))
			raise(SIGUSR1);
		CHECK_EQ(sigaltstack(NULL, &now), 0);
		CHECK_EQ(now.ss_flags, 0);
	}
	stack.ss_flags = SS_DISABLE;
	CHECK_EQ(sigaltstack(&stack, NULL), 0);
	free(stack.ss_sp);
	signal(SIGUSR1, SIG_IGN);
}

const struct test edges_tests[] = {
	{ "full_table", full_table },
	{ "closed_meanwhile", closed_meanwhile },
	{ "listener_goes", listener_goes },
	{ "shut_down", shut_down },
	{ "packets", packets },
	{ "leave_stack", leave_stack },
	{ NULL, NULL },
};
