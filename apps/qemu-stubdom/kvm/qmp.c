/* SPDX-License-Identifier: BSD-3-Clause */
#include "qmp.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "../monitor.h"
#include "client.h"
#include "tunnel.h"

#define PORT "/dev/virtio-ports/org.unidom.qmp"
#define END_WAIT 1 /* seconds that the last answers may take */

static struct tunnel tunnel;
static struct client client;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* covers @serving */
static pthread_cond_t idle = PTHREAD_COND_INITIALIZER;
static bool is_open; /* there is a client; the thread's own */
static bool serving; /* there is a client whose answers have not all left */

/* The port in raw mode. It is not a local line: what is written waits for a listener. */
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

static void set_serving(bool on)
{
	pthread_mutex_lock(&lock);
	serving = on;
	pthread_cond_signal(&idle);
	pthread_mutex_unlock(&lock);
}

/* Wait for either end, and for no longer than @c may take, NULL for no client. Returns what the monitor reported, or -1 with errno. */
static int wait_for_ends(const struct client *c)
{
	int timeout = -1;
	struct pollfd fds[] = { { tunnel.fd, POLLIN | (tunnel_is_sending(&tunnel) ? POLLOUT : 0), 0 }, { -1, 0, 0 } };

	if (c)
		fds[1] = client_wants(c, &tunnel, &timeout);
	if (poll(fds, 2, timeout) < 0)
		return errno == EINTR ? 0 : -1;
	if (fds[0].revents & POLLOUT && tunnel_send(&tunnel))
		return -1;
	if (fds[0].revents & ~POLLOUT && tunnel_receive(&tunnel))
		return -1;
	return fds[1].revents;
}

static void begin(void)
{
	set_serving(true);
	client_open(&client);
	is_open = true;
}

static void end_if_over(void)
{
	if (client.closed && !tunnel_is_sending(&tunnel))
		set_serving(false);
	if (client_is_over(&client))
		is_open = false;
}

/* Frames that arrived. Returns false for one that breaks the rules. */
static bool handle_frames(void)
{
	struct tunnel_frame f;
	int ret;

	while ((ret = tunnel_next(&tunnel, &f)) > 0) {
		if (is_open) {
			if (client_receive(&client, &f))
				return false;
			end_if_over();
		} else if (f.kind == TUNNEL_OPEN) {
			begin();
		} else {
			return false;
		}
	}
	return !ret;
}

static void *serve(void *unused)
{
	int revents;

	tunnel_put(&tunnel, TUNNEL_HELLO, NULL, 0);
	while ((revents = wait_for_ends(is_open ? &client : NULL)) >= 0) {
		if (!handle_frames()) {
			errno = EPROTO;
			break;
		}
		if (!is_open)
			continue;
		client_step(&client, &tunnel, revents);
		end_if_over();
	}
	fprintf(stderr, "qmp: %s: %s\n", PORT, strerror(errno));
	set_serving(false);
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
	bool whole = !serving;

	pthread_mutex_unlock(&lock);
	if (whole)
		tcdrain(tunnel.fd);
}

int qmp_serve(void)
{
	pthread_t thread;

	if (access(PORT, F_OK) || access(QMP_SOCKET, F_OK))
		return 0;
	tunnel.fd = open_port();
	if (tunnel.fd < 0) {
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
