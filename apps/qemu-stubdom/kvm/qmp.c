/* SPDX-License-Identifier: BSD-3-Clause */
#include "qmp.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "../monitor.h"

#define PORT "/dev/virtio-ports/org.unidom.qmp"
#define CHUNK 2048
#define END_WAIT 1 /* seconds that the last answers may take */
#define SETTLE_US 20000

static int port;
static bool serving;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t idle = PTHREAD_COND_INITIALIZER;

/* The port in raw mode. A client that goes is the end of the file, which a line that is not local tells. */
static int open_port(void)
{
	struct termios t;
	int fd = open(PORT, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -1;
	if (!tcgetattr(fd, &t)) {
		cfmakeraw(&t);
		t.c_cflag &= ~CLOCAL;
		if (!tcsetattr(fd, TCSANOW, &t))
			return fd;
	}
	close(fd);
	return -1;
}

/* Bytes on their way in one direction. */
struct bytes {
	char data[CHUNK];
	size_t at, end;
};

static bool is_waiting(const struct bytes *b)
{
	return b->at < b->end;
}

/* Returns 0, or -1 when @fd has come to its end. */
static int take(struct bytes *b, int fd)
{
	ssize_t n = read(fd, b->data, sizeof(b->data));

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	b->at = 0;
	b->end = n;
	return n ? 0 : -1;
}

static int give(struct bytes *b, int fd)
{
	ssize_t n = write(fd, b->data + b->at, b->end - b->at);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	b->at += n;
	return 0;
}

/*
 * Until the client has gone and all that it sent is with the monitor. Either of them may want to be heard before it listens: nothing waits for
 * one direction. When the client has gone, the answers to what it left are nobody's. Returns false if it was the monitor that went: QEMU ends.
 */
static bool pump(int monitor)
{
	struct bytes command = { .at = 0 }, answer = { .at = 0 };
	bool gone = false;
	int ret = 0;

	while (!ret) {
		short at_port = (is_waiting(&command) ? 0 : POLLIN) | (is_waiting(&answer) ? POLLOUT : 0);
		short at_monitor = (is_waiting(&command) ? POLLOUT : 0) | (is_waiting(&answer) ? 0 : POLLIN);
		struct pollfd fds[] = { { gone && is_waiting(&command) ? -1 : port, at_port, 0 },
			                { at_monitor ? monitor : -1, at_monitor, 0 } };

		if (poll(fds, 2, -1) < 0) {
			ret = errno == EINTR ? 0 : -1;
			continue;
		}
		gone |= fds[0].revents & POLLHUP;
		if (fds[0].revents & POLLIN)
			ret = take(&command, port);
		if (!ret && fds[0].revents & POLLOUT && !gone)
			ret = give(&answer, port);
		if (!ret && fds[1].revents & POLLOUT)
			ret = give(&command, monitor);
		if (!ret && fds[1].revents & ~POLLOUT)
			ret = take(&answer, monitor);
		if (gone)
			answer.at = answer.end;
	}
	return gone;
}

/*
 * What the client sent before it went is to be heard: the monitor closes when it has read it. One command may then still be in QEMU's hands,
 * which would answer it to the next client if that was there in the same turn of its main loop.
 */
static void hang_up(int monitor)
{
	struct pollfd fd = { monitor, POLLIN, 0 };
	char chunk[CHUNK];

	shutdown(monitor, SHUT_WR);
	while (poll(&fd, 1, END_WAIT * 1000) == 1 && read(monitor, chunk, sizeof(chunk)) > 0)
		;
	close(monitor);
	usleep(SETTLE_US);
}

static void set_serving(bool on)
{
	pthread_mutex_lock(&lock);
	serving = on;
	pthread_cond_signal(&idle);
	pthread_mutex_unlock(&lock);
}

/* One client, from when it can be written to, or has left something to read, until it is gone. Returns -1 when there is no monitor any more. */
static int serve_one(void)
{
	struct pollfd fd = { port, POLLIN | POLLOUT, 0 };
	bool again = false;
	int monitor;

	while (poll(&fd, 1, -1) < 0)
		if (errno != EINTR)
			return -1;
	set_serving(true);
	monitor = monitor_connect();
	if (monitor >= 0) {
		fcntl(monitor, F_SETFL, O_NONBLOCK);
		again = pump(monitor);
		hang_up(monitor);
	}
	set_serving(false);
	return again ? 0 : -1;
}

static void *serve(void *unused)
{
	while (!serve_one())
		;
	return unused;
}

/* QEMU has ended and closed its monitor: its last words shall arrive. */
static void finish(void)
{
	struct timespec deadline;

	clock_gettime(CLOCK_REALTIME, &deadline);
	deadline.tv_sec += END_WAIT;
	pthread_mutex_lock(&lock);
	while (serving && !pthread_cond_timedwait(&idle, &lock, &deadline))
		;
	pthread_mutex_unlock(&lock);
}

int qmp_serve(void)
{
	pthread_t thread;

	if (access(PORT, F_OK) || access(QMP_SOCKET, F_OK))
		return 0;
	port = open_port();
	if (port < 0) {
		fprintf(stderr, "qmp: %s: %s\n", PORT, strerror(errno));
		return -1;
	}
	int ret = pthread_create(&thread, NULL, serve, NULL);

	if (ret) {
		fprintf(stderr, "qmp: no thread: %s\n", strerror(ret));
		return -1;
	}
	pthread_detach(thread);
	atexit(finish);
	return 0;
}
