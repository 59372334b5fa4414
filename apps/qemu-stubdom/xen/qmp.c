/* SPDX-License-Identifier: BSD-3-Clause */
#include "qmp.h"

#include <errno.h>
#include <libxenvchan.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../monitor.h"

#define CLIENT_DOMAIN 0
#define CHUNK 2048

static char path[128];

/* What the client sent goes to the monitor. Returns -1 when the connection is over. */
static int from_client(struct libxenvchan *vchan, int monitor)
{
	char chunk[CHUNK];

	while (libxenvchan_data_ready(vchan) > 0) {
		int n = libxenvchan_read(vchan, chunk, sizeof(chunk));

		if (n <= 0 || monitor_write(monitor, chunk, n))
			return -1;
	}
	return libxenvchan_is_open(vchan) == 1 ? 0 : -1;
}

/* What the monitor says goes to the client, as far as there is room. */
static int from_monitor(struct libxenvchan *vchan, int monitor)
{
	char chunk[CHUNK];
	int room = libxenvchan_buffer_space(vchan);

	if (room <= 0)
		return 0;
	ssize_t n = read(monitor, chunk, room < CHUNK ? room : CHUNK);

	if (n <= 0)
		return n < 0 && errno == EINTR ? 0 : -1;
	for (char *p = chunk; n > 0;) {
		int sent = libxenvchan_write(vchan, p, n);

		if (sent <= 0)
			return -1;
		p += sent;
		n -= sent;
	}
	return 0;
}

static void pump(struct libxenvchan *vchan, int monitor)
{
	int ret = 0;

	while (!ret) {
		bool room = libxenvchan_buffer_space(vchan) > 0;
		struct pollfd fds[] = { { libxenvchan_fd_for_select(vchan), POLLIN, 0 }, { room ? monitor : -1, POLLIN, 0 } };

		ret = from_client(vchan, monitor);
		if (ret || (poll(fds, 2, -1) < 0 && errno != EINTR))
			break;
		if (fds[0].revents & POLLIN)
			libxenvchan_wait(vchan);
		if (fds[1].revents)
			ret = from_monitor(vchan, monitor);
	}
}

static void serve_one(struct libxenvchan *vchan)
{
	while (libxenvchan_is_open(vchan) == 2)
		if (libxenvchan_wait(vchan) < 0)
			return;
	int monitor = monitor_connect();

	if (monitor < 0)
		return;
	pump(vchan, monitor);
	close(monitor);
}

static void *serve(void *first)
{
	struct libxenvchan *vchan = first;

	while (vchan) {
		serve_one(vchan);
		libxenvchan_close(vchan);
		vchan = libxenvchan_server_init(NULL, CLIENT_DOMAIN, path, 0, 0);
		if (vchan)
			vchan->blocking = 1;
	}
	fprintf(stderr, "qmp: %s: no vchan any more: %s\n", path, strerror(errno));
	return NULL;
}

int qmp_serve(unsigned self, unsigned target)
{
	pthread_t thread;

	snprintf(path, sizeof(path), "/local/domain/%u/device-model/%u/qmp-vchan", self, target);
	struct libxenvchan *vchan = libxenvchan_server_init(NULL, CLIENT_DOMAIN, path, 0, 0);

	if (!vchan) {
		fprintf(stderr, "qmp: %s: %s\n", path, strerror(errno));
		return -1;
	}
	vchan->blocking = 1;
	int ret = pthread_create(&thread, NULL, serve, vchan);

	if (ret) {
		fprintf(stderr, "qmp: no thread: %s\n", strerror(ret));
		libxenvchan_close(vchan);
		return -1;
	}
	pthread_detach(thread);
	return 0;
}
