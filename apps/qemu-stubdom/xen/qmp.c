/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "qmp.h"

#include <errno.h>
#include <libxenvchan.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../monitor.h"

#define CLIENT_DOMAIN 0
#define CHUNK 2048
/*
 * A proxy that keeps one channel for one client after another announces each by this byte (Qubes OS: vchan-socket-proxy --reconnect-marker=1). No
 * JSON text has it.
 */
#define NEXT_CLIENT 1

static char path[128];

/* Both ends of the channel. A client may send more than the monitor takes while it does not read what the monitor says: nothing waits for one of them. */
struct link {
	struct libxenvchan *vchan;
	int monitor;
	bool used; /* a client has sent something, or has been announced */
	char chunk[CHUNK]; /* from the client */
	int at, end; /* what of it the monitor has not taken */
};

/* The library takes indices that make no sense for an empty or a full ring, which would stay so. Says it. */
static bool is_broken(const struct libxenvchan *vchan)
{
	const volatile struct ring_shared *in = vchan->read.shr, *out = vchan->write.shr;

	if (in->prod - in->cons <= 1u << vchan->read.order && out->prod - out->cons <= 1u << vchan->write.order)
		return false;
	fprintf(stderr, "qmp: %s: the ring's indices make no sense; the channel is made anew\n", path);
	return true;
}

static bool connect_monitor(struct link *l)
{
	l->monitor = monitor_connect();
	if (l->monitor < 0)
		fprintf(stderr, "qmp: %s: %s\n", QMP_SOCKET, strerror(errno));
	return l->monitor >= 0;
}

/*
 * In a chunk that has just come: what is before the last announcement is of clients that have gone. The new one gets a connection of its own, but
 * for the first, which has one. Returns -1 without a connection.
 */
static int look_for_next(struct link *l)
{
	const char *mark = memrchr(l->chunk, NEXT_CLIENT, l->end);
	bool is_first = !l->used && mark == l->chunk;

	l->used = true;
	if (!mark)
		return 0;
	l->at = mark + 1 - l->chunk;
	if (is_first)
		return 0;
	close(l->monitor);
	return connect_monitor(l) ? 0 : -1;
}

/* What the client sent goes to the monitor, as far as it takes that. Returns -1 when the connection is over. */
static int from_client(struct link *l)
{
	for (;;) {
		if (l->at == l->end) {
			if (libxenvchan_data_ready(l->vchan) <= 0)
				break;
			l->at = 0;
			l->end = libxenvchan_read(l->vchan, l->chunk, sizeof(l->chunk));
			if (l->end <= 0 || look_for_next(l))
				return -1;
			continue;
		}
		ssize_t n = send(l->monitor, l->chunk + l->at, l->end - l->at, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n < 0 && errno == EAGAIN)
			break;
		if (n <= 0 && errno != EINTR)
			return -1;
		l->at += n > 0 ? n : 0;
	}
	return libxenvchan_is_open(l->vchan) == 1 ? 0 : -1;
}

/* What the monitor says goes to the client, as far as there is room. */
static int from_monitor(struct link *l)
{
	char chunk[CHUNK];
	int room = libxenvchan_buffer_space(l->vchan);

	if (room <= 0)
		return 0;
	ssize_t n = read(l->monitor, chunk, room < CHUNK ? room : CHUNK);

	if (n <= 0)
		return n < 0 && errno == EINTR ? 0 : -1;
	return libxenvchan_write(l->vchan, chunk, n) == n ? 0 : -1;
}

static void pump(struct link *l)
{
	while (!from_client(l)) {
		short events = (libxenvchan_buffer_space(l->vchan) > 0 ? POLLIN : 0) | (l->at < l->end ? POLLOUT : 0);
		struct pollfd fds[] = { { libxenvchan_fd_for_select(l->vchan), POLLIN, 0 },
			                { events ? l->monitor : -1, events, 0 } };

		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			break;
		if (is_broken(l->vchan))
			break;
		if (fds[0].revents & POLLIN)
			libxenvchan_wait(l->vchan);
		if (fds[1].revents & ~POLLOUT && from_monitor(l))
			break;
	}
}

static void serve_one(struct libxenvchan *vchan)
{
	while (libxenvchan_is_open(vchan) == 2)
		if (libxenvchan_wait(vchan) < 0 || is_broken(vchan))
			return;
	struct link l = { .vchan = vchan };

	if (!connect_monitor(&l))
		return;
	pump(&l);
	if (l.monitor >= 0)
		close(l.monitor);
}

/* A channel for the next client. */
static struct libxenvchan *listen_once(void)
{
	struct libxenvchan *vchan = libxenvchan_server_init(NULL, CLIENT_DOMAIN, path, 0, 0);

	if (vchan)
		vchan->blocking = 0;
	return vchan;
}

static void *serve(void *first)
{
	struct libxenvchan *vchan = first;

	while (vchan) {
		serve_one(vchan);
		libxenvchan_close(vchan);
		vchan = listen_once();
	}
	fprintf(stderr, "qmp: %s: no vchan any more: %s\n", path, strerror(errno));
	return NULL;
}

/* QEMU's signals are not for this thread, which is there before QEMU blocks them for those that it makes. */
static int create_thread(pthread_t *thread, struct libxenvchan *vchan)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int ret = pthread_create(thread, NULL, serve, vchan);

	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return ret;
}

int qmp_serve(unsigned self, unsigned target)
{
	pthread_t thread;

	snprintf(path, sizeof(path), "/local/domain/%u/device-model/%u/qmp-vchan", self, target);
	struct libxenvchan *vchan = listen_once();

	if (!vchan) {
		fprintf(stderr, "qmp: %s: %s\n", path, strerror(errno));
		return -1;
	}
	int ret = create_thread(&thread, vchan);

	if (ret) {
		fprintf(stderr, "qmp: no thread: %s\n", strerror(ret));
		libxenvchan_close(vchan);
		return -1;
	}
	pthread_detach(thread);
	return 0;
}
