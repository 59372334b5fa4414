/* SPDX-License-Identifier: BSD-3-Clause */
#include "relay.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "port.h"

#define END_WAIT 1 /* seconds that the last words may take */

struct relay {
	const struct service *service;
	struct tunnel tunnel; /* this and the clients are the thread's own */
	struct client *clients[TUNNEL_CLIENTS]; /* NULL: the number is free */
	unsigned turn; /* who goes on first: a full tunnel is shared evenly */
	pthread_mutex_t lock; /* covers @serving */
	pthread_cond_t idle;
	bool serving; /* there is a client whose data has not all left */
};

static void set_serving(struct relay *r, bool on)
{
	pthread_mutex_lock(&r->lock);
	r->serving = on;
	pthread_cond_signal(&r->idle);
	pthread_mutex_unlock(&r->lock);
}

static int earlier(int a, int b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

/* Wait for any end, and for no longer than a client may take. Returns 0 with what the connections reported, or -1 with errno. */
static int wait_for_ends(struct relay *r, struct pollfd fds[TUNNEL_CLIENTS + 1])
{
	struct pollfd *port = &fds[TUNNEL_CLIENTS];
	int timeout = -1;

	*port = (struct pollfd){ r->tunnel.fd, POLLIN | (tunnel_is_sending(&r->tunnel) ? POLLOUT : 0), 0 };
	for (unsigned i = 0; i < TUNNEL_CLIENTS; i++) {
		int longest = -1;

		fds[i] = (struct pollfd){ -1, 0, 0 };
		if (r->clients[i])
			fds[i] = client_wants(r->clients[i], &r->tunnel, &longest);
		timeout = earlier(timeout, longest);
	}
	if (poll(fds, TUNNEL_CLIENTS + 1, timeout) < 0)
		return errno == EINTR ? 0 : -1;
	if (port->revents & POLLOUT && tunnel_send(&r->tunnel))
		return -1;
	return port->revents & ~POLLOUT ? tunnel_receive(&r->tunnel) : 0;
}

/* Returns 0, or -1 with errno. */
static int begin(struct relay *r, unsigned number)
{
	struct client *c = malloc(sizeof(*c));

	if (!c)
		return -1;
	set_serving(r, true);
	client_open(c, r->service, number);
	r->clients[number] = c;
	return 0;
}

static void end_those_over(struct relay *r)
{
	bool sending = tunnel_is_sending(&r->tunnel);

	for (unsigned i = 0; i < TUNNEL_CLIENTS; i++) {
		struct client *c = r->clients[i];

		if (!c)
			continue;
		if (client_is_over(c)) {
			free(c);
			r->clients[i] = NULL;
		} else if (!c->closed) {
			sending = true;
		}
	}
	if (!sending)
		set_serving(r, false);
}

/* Frames that arrived. Returns 0, or -1 with errno: EPROTO for one that breaks the rules. */
static int handle_frames(struct relay *r)
{
	struct tunnel_frame f;
	int ret;

	while ((ret = tunnel_next(&r->tunnel, &f)) > 0) {
		struct client *c = r->clients[f.client];
		bool opens = !c && f.kind == TUNNEL_OPEN && f.client < r->service->clients;

		if (opens ? begin(r, f.client) : !c || client_receive(c, &f)) {
			errno = opens ? errno : EPROTO;
			return -1;
		}
		end_those_over(r);
	}
	errno = EPROTO;
	return ret;
}

static void go_on(struct relay *r, const struct pollfd fds[TUNNEL_CLIENTS])
{
	for (unsigned i = 0; i < TUNNEL_CLIENTS; i++) {
		unsigned number = (r->turn + i) % TUNNEL_CLIENTS;

		if (r->clients[number])
			client_step(r->clients[number], &r->tunnel, fds[number].revents);
	}
	r->turn = (r->turn + 1) % TUNNEL_CLIENTS;
	end_those_over(r);
}

static void *serve(void *arg)
{
	struct pollfd fds[TUNNEL_CLIENTS + 1];
	struct relay *r = arg;

	tunnel_put(&r->tunnel, TUNNEL_HELLO, 0, NULL, 0);
	while (!wait_for_ends(r, fds) && !handle_frames(r))
		go_on(r, fds);
	fprintf(stderr, "%s: %s: %s\n", r->service->name, r->service->port, strerror(errno));
	for (unsigned i = 0; i < TUNNEL_CLIENTS; i++)
		if (r->clients[i])
			client_hang_up(r->clients[i]);
	set_serving(r, false);
	return NULL;
}

void relay_finish(struct relay *r)
{
	struct timespec deadline;

	clock_gettime(CLOCK_REALTIME, &deadline);
	deadline.tv_sec += END_WAIT;
	pthread_mutex_lock(&r->lock);
	while (r->serving && !pthread_cond_timedwait(&r->idle, &r->lock, &deadline))
		;
	bool whole = !r->serving;

	pthread_mutex_unlock(&r->lock);
	if (whole)
		tcdrain(r->tunnel.fd);
}

/* Returns 0, or a number as of errno. */
static int start(struct relay *r)
{
	pthread_t thread;

	r->tunnel.fd = port_open(r->service->port);
	if (r->tunnel.fd < 0)
		return errno;
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->idle, NULL);
	int ret = pthread_create(&thread, NULL, serve, r);

	if (ret)
		close(r->tunnel.fd);
	else
		pthread_detach(thread);
	return ret;
}

int relay_start(const struct service *service, struct relay **out)
{
	*out = NULL;
	if (access(service->port, F_OK) || access(service->socket, F_OK))
		return 0;
	struct relay *r = calloc(1, sizeof(*r));
	int ret = ENOMEM;

	if (r) {
		r->service = service;
		ret = start(r);
	}
	if (ret) {
		fprintf(stderr, "%s: %s: %s\n", service->name, service->port, strerror(ret));
		free(r);
		return -1;
	}
	*out = r;
	return 0;
}
