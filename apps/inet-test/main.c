/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arpa/inet.h>

#include "test.h"

struct sockaddr_in local(unsigned port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
		                     .sin_port = htons((uint16_t)port),
		                     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

int listener(unsigned *port)
{
	struct sockaddr_in a = local(0);
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof(a)) || listen(fd, 64) ||
	    getsockname(fd, (struct sockaddr *)&a, &len)) {
		perror("# listener");
		return -1;
	}
	*port = ntohs(a.sin_port);
	return fd;
}

bool connected(int ends[2])
{
	unsigned port;
	int l = listener(&port);
	struct sockaddr_in a = local(port);

	ends[0] = socket(AF_INET, SOCK_STREAM, 0);
	CHECK(l >= 0 && ends[0] >= 0);
	CHECK_EQ(connect(ends[0], (struct sockaddr *)&a, sizeof(a)), 0);
	ends[1] = accept(l, NULL, NULL);
	CHECK(ends[1] >= 0);
	return !close(l);
}

int events_of(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT | POLLRDHUP };

	return poll(&p, 1, ms) < 0 ? -1 : p.revents;
}

int events_until(int fd, int wanted)
{
	int events = 0;

	for (int i = 0; i < 3000 && (events & wanted) != wanted; i++) {
		if (i)
			usleep(10000);
		events = events_of(fd, 0);
	}
	return events;
}

static int run_all(void)
{
	static const struct test *const areas[] = { stream_tests, poll_tests, datagram_tests, names_tests };
	int number = 0, failed = 0, planned = 0;

	for (unsigned a = 0; a < sizeof(areas) / sizeof(areas[0]); a++)
		for (const struct test *t = areas[a]; t->name; t++)
			planned++;
	printf("KTAP version 1\n1..%d\n", planned);
	for (unsigned a = 0; a < sizeof(areas) / sizeof(areas[0]); a++)
		for (const struct test *t = areas[a]; t->name; t++) {
			bool ok = t->run();

			failed += !ok;
			printf("%s %d %s\n", ok ? "ok" : "not ok", ++number, t->name);
			fflush(stdout);
		}
	return failed ? 1 : 0;
}

/* No arguments: all tests. "serve PORT": an echo server for the host. "fetch HOST PORT": a client of one there. */
int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "serve"))
		return serve((unsigned)atoi(argv[2]));
	if (argc == 4 && !strcmp(argv[1], "fetch"))
		return fetch(argv[2], argv[3]);
	return run_all();
}
