/* SPDX-License-Identifier: BSD-3-Clause */
/* A small HTTP server: the same page for every request, over connections that stay open. Also runs on Linux: cc *.c. */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "request.h"

#define CLIENTS 256
#define REQUEST_MAX 4096
#define PAGE_SIZE 612
#define DEFAULT_PORT 8080

struct reply {
	char text[1024];
	size_t size;
};

/* A connection. Its socket is in the array of polls, at the same index, or -1. */
struct client {
	char request[REQUEST_MAX]; /* what came and has not been answered */
	size_t got;
	const char *out; /* what of the reply is still to be sent */
	size_t left;
	bool last; /* no answer comes after that one */
	unsigned long turn; /* when it was last served, counted in calls of poll() */
};

static struct client clients[CLIENTS];
static struct pollfd polls[CLIENTS + 1]; /* the last is the listening socket */
static struct reply replies[ANSWERS][2]; /* by answer, and whether it is the last */
static unsigned long turn;

static void make_page(char page[PAGE_SIZE + 1])
{
	static const char start[] = "<!DOCTYPE html>\n<html>\n<head><title>httpreply</title></head>\n<body>\n"
				    "<h1>It works.</h1>\n<p>This page comes from a unikernel.</p>\n<!-- ";
	static const char end[] = " -->\n</body>\n</html>\n";

	memset(page, '.', PAGE_SIZE);
	memcpy(page, start, sizeof(start) - 1);
	memcpy(page + PAGE_SIZE - (sizeof(end) - 1), end, sizeof(end));
}

static void make_replies(void)
{
	static const char *const status[ANSWERS] = { "200 OK", "200 OK", "400 Bad Request", "405 Method Not Allowed",
		                                     "431 Request Header Fields Too Large" };
	char page[PAGE_SIZE + 1];

	make_page(page);
	for (int a = 0; a < ANSWERS; a++)
		for (int last = 0; last < 2; last++) {
			struct reply *r = &replies[a][last];
			bool ok = a == ANSWER_PAGE || a == ANSWER_HEAD;

			r->size = (size_t)snprintf(r->text, sizeof(r->text),
			                           "HTTP/1.1 %s\r\nServer: httpreply\r\n%sContent-Length: %d\r\n"
			                           "Connection: %s\r\n\r\n%s",
			                           status[a], ok ? "Content-Type: text/html\r\n" : "Allow: GET, HEAD\r\n",
			                           ok ? PAGE_SIZE : 0, last ? "close" : "keep-alive",
			                           a == ANSWER_PAGE ? page : "");
		}
}

static int listen_at(unsigned port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((in_port_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) || bind(fd, (struct sockaddr *)&a, sizeof(a)) ||
	    listen(fd, CLIENTS)) {
		fprintf(stderr, "httpreply: port %u: %s\n", port, strerror(errno));
		return -1;
	}
	return fd;
}

static void drop(int i)
{
	close(polls[i].fd);
	polls[i].fd = -1;
}

/* A place for a new client: a free one, or that of the client that has been quiet for longest. */
static int place(void)
{
	int oldest = 0;

	for (int i = 0; i < CLIENTS; i++) {
		if (polls[i].fd < 0)
			return i;
		if (clients[i].turn < clients[oldest].turn)
			oldest = i;
	}
	drop(oldest);
	return oldest;
}

static void take_clients(void)
{
	int fd, on = 1;

	while ((fd = accept4(polls[CLIENTS].fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
		int i = place();
		struct client *c = &clients[i];

		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		c->got = c->left = 0;
		c->last = false;
		c->turn = turn;
		polls[i] = (struct pollfd){ .fd = fd, .events = POLLIN };
	}
}

static void start_reply(struct client *c, enum answer answer)
{
	const struct reply *r = &replies[answer][c->last];

	c->out = r->text;
	c->left = r->size;
}

/* Answer the next whole request. False: there is none yet. */
static bool next_request(struct client *c)
{
	size_t size = request_length(c->request, c->got);

	if (c->last || (!size && c->got < REQUEST_MAX))
		return false;
	if (!size) {
		c->last = true;
		start_reply(c, ANSWER_LARGE);
		return true;
	}
	start_reply(c, request_answer(c->request, size, &c->last));
	c->got -= size;
	memmove(c->request, c->request + size, c->got);
	return true;
}

/* Send what is owed, request by request, until the socket is full. False: the connection is broken. */
static bool reply(int fd, struct client *c)
{
	while (c->left || next_request(c)) {
		ssize_t n = send(fd, c->out, c->left, MSG_NOSIGNAL);

		if (n < 0)
			return errno == EAGAIN;
		c->out += n;
		c->left -= (size_t)n;
		if (!c->left && c->last && shutdown(fd, SHUT_WR))
			return false;
	}
	return true;
}

/* Read what came. After the last answer it is thrown away, until the client ends too: a reset could overtake that answer. */
static bool receive(int fd, struct client *c)
{
	ssize_t n;

	if (c->last)
		c->got = 0;
	n = read(fd, c->request + c->got, REQUEST_MAX - c->got);
	if (n <= 0)
		return n < 0 && errno == EAGAIN;
	c->got += (size_t)n;
	return true;
}

static void serve(int i)
{
	struct client *c = &clients[i];
	int fd = polls[i].fd;

	c->turn = turn;
	if ((!c->left && !receive(fd, c)) || !reply(fd, c)) {
		drop(i);
		return;
	}
	polls[i].events = c->left ? POLLOUT : POLLIN;
}

int main(int argc, char **argv)
{
	unsigned port = argc > 1 ? (unsigned)atoi(argv[1]) : DEFAULT_PORT;

	make_replies();
	for (int i = 0; i < CLIENTS; i++)
		polls[i].fd = -1;
	polls[CLIENTS] = (struct pollfd){ .fd = listen_at(port), .events = POLLIN };
	if (polls[CLIENTS].fd < 0)
		return 1;
	printf("httpreply: listening on port %u\n", port);
	fflush(stdout);
	for (;;) {
		if (poll(polls, CLIENTS + 1, -1) < 0) {
			perror("httpreply: poll");
			return 1;
		}
		turn++;
		for (int i = 0; i < CLIENTS; i++)
			if (polls[i].fd >= 0 && polls[i].revents)
				serve(i);
		if (polls[CLIENTS].revents)
			take_clients();
	}
}
