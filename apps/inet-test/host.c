/* SPDX-License-Identifier: BSD-3-Clause */
/* The other end is a program on the host, of tests/boot/test_inet.py. */
#define _GNU_SOURCE
#include <netdb.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "test.h"

#define CLIENTS 64
#define PIECE 65536

static unsigned long memory(void)
{
	struct sysinfo info;

	return sysinfo(&info) ? 0 : info.freeram * info.mem_unit / 1024;
}

/* Send back what came. False: the client is done, or has sent a line "end", which ends all. */
static bool echo(int fd, bool *end)
{
	static char buf[PIECE];
	ssize_t n = read(fd, buf, sizeof(buf)), done = 0;

	if (n <= 0)
		return false;
	*end = n == 4 && !memcmp(buf, "end\n", 4);
	while (done < n && !*end) {
		ssize_t sent = write(fd, buf + done, (size_t)(n - done));

		if (sent <= 0)
			return false;
		done += sent;
	}
	return !*end;
}

static int listen_at(unsigned port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int l = socket(AF_INET, SOCK_STREAM, 0);

	if (l < 0 || bind(l, (struct sockaddr *)&a, sizeof(a)) || listen(l, CLIENTS)) {
		perror("listen");
		return -1;
	}
	return l;
}

/* An echo server, for many clients at once, and for datagrams on the same port. */
int serve(unsigned port)
{
	struct pollfd p[CLIENTS + 2] = { { .fd = listen_at(port), .events = POLLIN } };
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	unsigned n = 2, served = 0;
	bool end = false;

	p[1] = (struct pollfd){ .fd = socket(AF_INET, SOCK_DGRAM, 0), .events = POLLIN };
	if (p[0].fd < 0 || bind(p[1].fd, (struct sockaddr *)&a, sizeof(a)))
		return 1;
	printf("serving, %lu KiB free\n", memory());
	fflush(stdout);
	while (!end && poll(p, n, -1) > 0) {
		if (p[1].revents) {
			char buf[2048];
			socklen_t len = sizeof(a);
			ssize_t got = recvfrom(p[1].fd, buf, sizeof(buf), 0, (struct sockaddr *)&a, &len);

			if (got >= 0)
				sendto(p[1].fd, buf, (size_t)got, 0, (struct sockaddr *)&a, len);
		}
		for (unsigned i = n; i-- > 2;)
			if (p[i].revents && !echo(p[i].fd, &end)) {
				close(p[i].fd);
				p[i] = p[--n];
			}
		if (p[0].revents && n < CLIENTS + 2) {
			int fd = accept(p[0].fd, NULL, NULL);

			if (fd >= 0) {
				p[n++] = (struct pollfd){ .fd = fd, .events = POLLIN };
				served++;
			}
		}
	}
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
