/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "makers.h"

#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

long a_block(unsigned i)
{
	return (long)memory_block(i);
}

/* Names below FOLDER; with the rest of the machine's behind them. */
#define OWN_PATHS 13
static bool only_own_paths;

void paths_of(bool own)
{
	only_own_paths = own;
}

long a_path(unsigned i)
{
	static const char *const paths[] = {
		"a",
		"b",
		"c",
		"d",
		"d/a",
		"d/b",
		"d/../a",
		"a/",
		".",
		"",
		"l",
		"d/l",
		FOLDER "/a",
		"..",
		"/dev/null",
		"/dev/zero",
		"/dev/full",
		"/dev/ptmx",
		"/dev/random",
		"/proc/self/fd",
		"/proc/self/maps",
		"/proc/meminfo",
		"/",
		"/tmp",
		"/etc/passwd",
		"user.name",
	};
	char *path = memory_block(i);

	if (random_below(32)) {
		strcpy(path, paths[random_below(only_own_paths ? OWN_PATHS : ARRAY_SIZE(paths))]);
	} else {
		size_t len = random_below(5000);

		memset(path, random_below(2) ? 'x' : '/', len);
		path[len] = '\0';
	}
	return (long)path;
}

static struct timespec a_time(void)
{
	static const struct timespec special[] = {
		{ 0, 0 }, { -1, 0 }, { 0, -1 }, { 0, 1000000000 }, { INT64_MAX, 999999999 }, { INT64_MIN, 0 }
	};

	if (random_below(3))
		return (struct timespec){ 0, (long)random_below(2000000) };
	return special[random_below(ARRAY_SIZE(special))];
}

/* Two: an interval and a value, or the times of a file. */
long some_times(unsigned i)
{
	struct timespec *at = memory_block(i);

	at[0] = a_time();
	at[1] = a_time();
	return (long)at;
}

static uint64_t a_mask(void)
{
	return random_next() & ~(1ull << (SIG_WAKE - 1));
}

long a_mask_pointer(unsigned i)
{
	uint64_t *mask = memory_block(i);

	mask[0] = random_below(2) ? a_mask() : 0;
	return (long)mask;
}

long a_sized_mask(unsigned i)
{
	struct {
		uint64_t *mask;
		size_t size;
		uint64_t value;
	} *at = memory_block(i);

	at->value = a_mask();
	at->mask = random_below(4) ? &at->value : NULL;
	at->size = random_below(8) ? 8 : random_below(16);
	return (long)at;
}

static void handle(int sig)
{
	(void)sig;
}

static void restore(void)
{
}

long an_action(unsigned i)
{
	struct {
		uintptr_t handler;
		uint64_t flags;
		uintptr_t restorer;
		uint64_t mask;
	} *at = memory_block(i);

	at->handler = random_below(4) ? (uintptr_t)handle : (uintptr_t)SIG_IGN;
	at->flags = random_next() & 0xffffffff & ~(uint64_t)SA_RESETHAND;
	at->restorer = (uintptr_t)restore;
	at->mask = a_mask();
	return (long)at;
}

long an_event(unsigned i)
{
	struct sigevent *at = memory_block(i);

	at->sigev_signo = random_signal();
	at->sigev_notify = (int)random_below(6);
	at->sigev_notify_thread_id = random_below(4) ? gettid() : (int)random_below(100);
	return (long)at;
}

long a_stack(unsigned i)
{
	stack_t *at = memory_block(i);

	at->ss_sp = memory_inner();
	at->ss_size = random_below(4) ? BLOCK : random_below(BLOCK);
	at->ss_flags = (int)(random_below(4) ? random_below(3) : random_next());
	return (long)at;
}

static struct iovec part(void)
{
	return (struct iovec){ memory_inner(), random_below(4) ? random_below(512) : random_below(BLOCK + 1) };
}

long some_vectors(unsigned i)
{
	struct iovec *at = memory_block(i);

	for (unsigned n = 0; n < BLOCK / sizeof(*at); n++)
		at[n] = n < 8 ? part() : (struct iovec){ memory_inner(), 8 };
	return (long)at;
}

static void control(struct msghdr *m, char *room)
{
	struct cmsghdr *c = (struct cmsghdr *)room;
	unsigned fds = (unsigned)random_below(5);

	c->cmsg_len = random_below(8) ? CMSG_LEN(fds * sizeof(int)) : random_next();
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = random_below(4) ? SCM_RIGHTS : (int)random_below(5);
	for (unsigned n = 0; n < fds; n++)
		((int *)CMSG_DATA(c))[n] = (int)random_below(24);
	m->msg_control = c;
	m->msg_controllen = random_below(4) ? CMSG_SPACE(fds * sizeof(int)) : random_below(256);
}

static void address(struct sockaddr_un *at)
{
	static const char *const names[] = { "s", "d/s", FOLDER "/s", "\0hidden", "", "a" };

	memset(at, 0, sizeof(*at));
	at->sun_family = (sa_family_t)(random_below(8) ? AF_UNIX : random_below(20));
	memcpy(at->sun_path, names[random_below(ARRAY_SIZE(names))], 8);
}

static void message(struct msghdr *m, char *room)
{
	struct iovec *parts = (struct iovec *)(room + 1024);

	memset(m, 0, sizeof(*m));
	if (random_below(2)) {
		address((struct sockaddr_un *)(room + 512));
		m->msg_name = room + 512;
		m->msg_namelen = (socklen_t)random_below(129);
	}
	m->msg_iovlen = random_below(9);
	for (int n = 0; n < (int)m->msg_iovlen; n++)
		parts[n] = part();
	m->msg_iov = parts;
	if (random_below(2))
		control(m, room);
}

/* Up to 16, with what they point to behind them. */
long some_messages(unsigned i)
{
	struct mmsghdr *at = memory_block(i);

	for (unsigned n = 0; n < 16; n++)
		message(&at[n].msg_hdr, (char *)at + 4096 + n * 2048);
	return (long)at;
}

long a_message(unsigned i)
{
	char *at = memory_block(i);

	message((struct msghdr *)at, at + 4096);
	return (long)at;
}

long an_address_of_socket(unsigned i)
{
	struct sockaddr_un *at = memory_block(i);

	address(at);
	return (long)at;
}

long a_size_pointer(unsigned i)
{
	uint32_t *at = memory_block(i);

	*at = (uint32_t)random_below(256);
	return (long)at;
}
