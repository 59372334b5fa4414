/* SPDX-License-Identifier: BSD-3-Clause */
/* The other end is a program on the host, of tests/boot/test_inet.py. */
#define _GNU_SOURCE
#include <netdb.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "test.h"

#define CLIENTS 1100
#define ROOM 4096
#define PIECE 65536

static unsigned long memory(void)
{
	struct sysinfo info;

	return sysinfo(&info) ? 0 : info.freeram * info.mem_unit / 1024;
}

/* What came of one and has not been sent back. */
struct client {
	size_t from, to;
	char data[ROOM];
};

static struct pollfd ends[CLIENTS + 2]; /* the listener, datagrams, clients */
static struct client *clients[CLIENTS + 2];
static unsigned n = 2, served;

/* Read or send back, as far as that goes. False: the client is done, or has sent a line "end", which ends all. */
static bool echo(int fd, struct client *c, bool *end)
{
	ssize_t got;

	if (c->from == c->to) {
		got = read(fd, c->data, ROOM);
		if (got <= 0)
			return got < 0 && errno == EAGAIN;
		*end = got == 4 && !memcmp(c->data, "end\n", 4);
		c->from = 0;
		c->to = (size_t)got;
	}
	got = write(fd, c->data + c->from, c->to - c->from);
	if (got > 0)
		c->from += (size_t)got;
	return !*end && (got > 0 || errno == EAGAIN);
}

static void echo_datagram(int fd)
{
	struct sockaddr_in a;
	socklen_t len = sizeof(a);
	char buf[2048];
	ssize_t got = recvfrom(fd, buf, sizeof(buf), 0, (struct sockaddr *)&a, &len);

	if (got >= 0)
		sendto(fd, buf, (size_t)got, 0, (struct sockaddr *)&a, len);
}

static void welcome(int l)
{
	int fd = n < CLIENTS + 2 ? accept4(l, NULL, NULL, SOCK_NONBLOCK) : -1;
	struct client *c = fd < 0 ? NULL : malloc(sizeof(*c));

	if (fd < 0)
		return;
	if (!c) {
		close(fd);
		return;
	}
	c->from = c->to = 0;
	clients[n] = c;
	ends[n++] = (struct pollfd){ .fd = fd, .events = POLLIN };
	served++;
}

static void dismiss(unsigned i)
{
	close(ends[i].fd);
	free(clients[i]);
	ends[i] = ends[--n];
	clients[i] = clients[n];
}

static int listen_at(unsigned port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int l = socket(AF_INET, SOCK_STREAM, 0);

	if (l < 0 || bind(l, (struct sockaddr *)&a, sizeof(a)) || listen(l, 255)) {
		perror("listen");
		return -1;
	}
	return l;
}

/* An echo server, for many clients at once, of which some do not read, and for datagrams on the same port. */
int serve(unsigned port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	const struct rlimit files = { CLIENTS + ROOM, CLIENTS + ROOM };
	bool end = false;

	setrlimit(RLIMIT_NOFILE, &files);
	ends[0] = (struct pollfd){ .fd = listen_at(port), .events = POLLIN };
	ends[1] = (struct pollfd){ .fd = socket(AF_INET, SOCK_DGRAM, 0), .events = POLLIN };
	if (ends[0].fd < 0 || bind(ends[1].fd, (struct sockaddr *)&a, sizeof(a)))
		return 1;
	printf("serving, %lu KiB free\n", memory());
	fflush(stdout);
	while (!end && poll(ends, n, -1) > 0) {
		if (ends[1].revents)
			echo_datagram(ends[1].fd);
		for (unsigned i = n; i-- > 2;) {
			if (ends[i].revents && !echo(ends[i].fd, clients[i], &end)) {
				dismiss(i);
				continue;
			}
			ends[i].events = clients[i]->from < clients[i]->to ? POLLOUT : POLLIN;
		}
		if (ends[0].revents)
			welcome(ends[0].fd);
	}
	while (n > 2)
		dismiss(n - 1);
	printf("served %u clients, %lu KiB free\n", served, memory());
	return 0;
}

/* Connect, read all that comes until the end, and print how much, and a sum of it. */
int fetch(const char *host, const char *port)
{
	struct addrinfo hints = { .ai_family = AF_INET, .ai_socktype = SOCK_STREAM }, *found;
	static char buf[PIECE];
	unsigned long total = 0, sum = 0;
	int ret = getaddrinfo(host, port, &hints, &found), s;
	ssize_t n;

	if (ret) {
		printf("%s: %s\n", host, gai_strerror(ret));
		return 1;
	}
	s = socket(found->ai_family, found->ai_socktype, found->ai_protocol);
	if (s < 0 || connect(s, found->ai_addr, found->ai_addrlen)) {
		perror(host);
		return 1;
	}
	freeaddrinfo(found);
	while ((n = read(s, buf, sizeof(buf))) > 0) {
		for (ssize_t i = 0; i < n; i++)
			sum = (sum * 31 + (unsigned char)buf[i]) & 0xffffffff;
		total += (unsigned long)n;
	}
	printf("fetched %lu bytes, sum %lu\n", total, sum);
	return n < 0;
}
