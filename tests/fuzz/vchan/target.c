/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The relay between a client's vchan and the monitor, with both ends slow, greedy and gone at any moment: what arrives is what was sent,
 * in order, and the relay ends when one of them does. A client that is announced within the channel gets a connection, and nothing of those before.
 * hosted
 * sources:
 */
#define _GNU_SOURCE
#include <assert.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static int fuzz_poll(struct pollfd *fds, nfds_t n, int timeout);
static ssize_t fuzz_send(int fd, const void *data, size_t n, int flags);
static ssize_t fuzz_read(int fd, void *data, size_t n);

static int fuzz_close(int fd);

#define poll fuzz_poll
#define close fuzz_close
#define send fuzz_send
#define read(fd, data, n) fuzz_read(fd, data, n)
/* The relay's names: its ring's "read" is no call. */
#include "../../../apps/qemu-stubdom/xen/qmp.c"
#undef poll
#undef close
#undef send
#undef read

#include "../input.h"

#define MONITOR_FD 7
#define VCHAN_FD 8

static struct input in;
static unsigned client_sent, monitor_got, monitor_sent, client_got;
static struct ring_shared shared[2];
static unsigned empty_turns;
/* What the latest client had sent before it was announced; how many connections to the monitor there are. */
static unsigned sent_before, connections;

/* Never an announcement. */
static uint8_t letter(unsigned n)
{
	return (n * 7 + (n >> 7)) | 0x80;
}

static int fuzz_poll(struct pollfd *fds, nfds_t n, int timeout)
{
	uint8_t how = take8(&in);

	assert(n == 2 && timeout == -1 && fds[0].fd == VCHAN_FD);
	assert(fds[1].fd == MONITOR_FD || !fds[1].events);
	/* At the end of the input both ends are gone: a relay that goes on would never end. */
	assert(in.left || ++empty_turns < 4);
	if (how % 8 == 7)
		shared[how / 8 % 2].prod = take16(&in);
	fds[0].revents = how & 1 ? POLLIN : 0;
	fds[1].revents = fds[1].fd < 0 ? 0 : how & 2 ? fds[1].events : how & 4 ? POLLHUP : 0;
	if (how % 16 != 15)
		return 1;
	errno = EINTR;
	return -1;
}

static ssize_t fuzz_send(int fd, const void *data, size_t n, int flags)
{
	const uint8_t *p = data;

	assert(fd == MONITOR_FD && n && flags & MSG_DONTWAIT && flags & MSG_NOSIGNAL);
	size_t taken = take8(&in) * 9u;

	if (!in.left || !taken) {
		errno = in.left ? EAGAIN : EPIPE;
		return -1;
	}
	taken = taken < n ? taken : n;
	for (size_t i = 0; i < taken; i++)
		assert(p[i] == letter(monitor_got++));
	return taken;
}

static ssize_t fuzz_read(int fd, void *data, size_t n)
{
	uint8_t *p = data;
	size_t there = take8(&in) * 9u;

	assert(fd == MONITOR_FD && n && n <= CHUNK);
	there = there < n ? there : n;
	for (size_t i = 0; i < there; i++)
		p[i] = letter(monitor_sent++);
	return there; /* 0: the end */
}

struct libxenvchan *libxenvchan_server_init(void *logger, int domain, const char *name, size_t read_min, size_t write_min)
{
	(void)logger, (void)domain, (void)name, (void)read_min, (void)write_min;
	return NULL;
}

void libxenvchan_close(struct libxenvchan *v)
{
	(void)v;
}

int libxenvchan_data_ready(struct libxenvchan *v)
{
	(void)v;
	return in.left ? take8(&in) % 2 : 0;
}

static int space;

int libxenvchan_buffer_space(struct libxenvchan *v)
{
	(void)v;
	return space = take16(&in) % 4096;
}

int libxenvchan_read(struct libxenvchan *v, void *data, size_t size)
{
	uint8_t *p = data;
	int n = (take8(&in) - 1) * 8;

	(void)v;
	assert(size == CHUNK);
	n = n < CHUNK ? n : CHUNK;
	int mark = n > 0 && take8(&in) % 4 == 3 ? take16(&in) % n : n;

	for (int i = 0; i < n; i++)
		p[i] = i == mark ? NEXT_CLIENT : letter(client_sent++);
	if (mark < n)
		sent_before = client_sent - (n - 1 - mark);
	return n;
}

int libxenvchan_write(struct libxenvchan *v, const void *data, size_t size)
{
	const uint8_t *p = data;

	(void)v;
	assert(size && (int)size <= space);
	for (size_t i = 0; i < size; i++)
		assert(p[i] == letter(client_got++));
	return size;
}

int libxenvchan_is_open(struct libxenvchan *v)
{
	(void)v;
	return in.left ? 1 : 0;
}

int libxenvchan_wait(struct libxenvchan *v)
{
	(void)v;
	return 0;
}

int libxenvchan_fd_for_select(struct libxenvchan *v)
{
	(void)v;
	return VCHAN_FD;
}

static int fuzz_close(int fd)
{
	assert(fd == MONITOR_FD && connections);
	connections--;
	return 0;
}

int monitor_connect(void)
{
	assert(!connections);
	monitor_got = sent_before;
	if (take8(&in) % 16 == 15)
		return -1;
	connections++;
	return MONITOR_FD;
}

const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "handle_abort=1";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct libxenvchan vchan = { { &shared[0], 10 }, { &shared[1], 10 }, 0 };
	struct link l = { .vchan = &vchan, .monitor = MONITOR_FD };

	if (stderr != stdout)
		stdout = stderr = fopen("/dev/null", "w");
	in = (struct input){ data, size };
	client_sent = monitor_got = monitor_sent = client_got = empty_turns = sent_before = 0;
	connections = 1;
	shared[0] = shared[1] = (struct ring_shared){ 0 };
	pump(&l);
	assert(connections == (l.monitor >= 0));
	assert(monitor_got <= client_sent && client_got <= monitor_sent);
	assert(client_sent - monitor_got <= CHUNK);
	return 0;
}
