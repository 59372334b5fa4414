/* SPDX-License-Identifier: BSD-3-Clause */
/* Xenstore and what lies on it: needs a xenstore daemon, so a domain that a toolstack built. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xenstore.h>
#ifdef CONFIG_LIBXENTOOLS_VCHAN
#include <libxenvchan.h>
#endif
#include "lib-test.h"

/* A toolstack makes "data" below the domain's home writable for it. */
#define NODE "data/unidom-test"

static bool reads_as(struct xs_handle *xs, const char *path, const char *expected)
{
	unsigned len;
	char *value = xs_read(xs, XBT_NULL, path, &len);
	bool ok = value && len == strlen(expected) && !memcmp(value, expected, len);

	free(value);
	return ok;
}

LIB_TEST("xentools: nodes of xenstore", nodes)
{
	struct xs_handle *xs = xs_open(0);
	unsigned len;
	char *domid, **names;

	CHECK(xs);
	domid = xs_read(xs, XBT_NULL, "domid", &len);
	CHECK(domid && len && strspn(domid, "0123456789") == len);
	free(domid);
	CHECK(xs_write(xs, XBT_NULL, NODE "/a", "one", 3) && reads_as(xs, NODE "/a", "one"));
	CHECK(xs_write(xs, XBT_NULL, NODE "/b", "", 0) && reads_as(xs, NODE "/b", ""));
	names = xs_directory(xs, XBT_NULL, NODE, &len);
	CHECK(names && len == 2);
	free(names);
	CHECK(xs_rm(xs, XBT_NULL, NODE));
	CHECK(!xs_read(xs, XBT_NULL, NODE "/a", &len) && errno == ENOENT);
	xs_close(xs);
	return true;
}

LIB_TEST("xentools: a transaction of xenstore", transaction)
{
	struct xs_handle *xs = xs_open(0);
	xs_transaction_t t;

	CHECK(xs);
	t = xs_transaction_start(xs);
	CHECK(t && xs_write(xs, t, NODE, "no", 2) && xs_transaction_end(xs, t, true));
	CHECK(!reads_as(xs, NODE, "no"));
	do {
		t = xs_transaction_start(xs);
		CHECK(t && xs_write(xs, t, NODE, "yes", 3));
	} while (!xs_transaction_end(xs, t, false) && errno == EAGAIN);
	CHECK(reads_as(xs, NODE, "yes"));
	CHECK(xs_rm(xs, XBT_NULL, NODE));
	xs_close(xs);
	return true;
}

/* The next event within five seconds is for @path with our token. */
static bool fires(struct xs_handle *xs, const char *path)
{
	struct pollfd p = { .fd = xs_fileno(xs), .events = POLLIN };
	char **event;
	bool ok;

	if (poll(&p, 1, 5000) != 1)
		return false;
	event = xs_check_watch(xs);
	ok = event && !strcmp(event[XS_WATCH_PATH], path) && !strcmp(event[XS_WATCH_TOKEN], "token");
	free(event);
	return ok;
}

LIB_TEST("xentools: a watch of xenstore", watch)
{
	struct xs_handle *xs = xs_open(0);

	CHECK(xs);
	CHECK(xs_watch(xs, NODE, "token") && fires(xs, NODE));
	CHECK(xs_write(xs, XBT_NULL, NODE "/below", "x", 1) && fires(xs, NODE "/below"));
	CHECK(!xs_check_watch(xs) && errno == EAGAIN);
	CHECK(xs_unwatch(xs, NODE, "token"));
	CHECK(xs_rm(xs, XBT_NULL, NODE));
	CHECK(!xs_check_watch(xs));
	/* This ends the thread that reads. */
	xs_close(xs);
	return true;
}

#ifdef CONFIG_LIBXENTOOLS_VCHAN
#define SIZE 100000

/* Both ends are ours; @size decides whether the rings have pages of their own. */
static bool exchange(size_t size)
{
	static char out[SIZE], in[SIZE];
	struct xs_handle *xs = xs_open(0);
	char *domid = xs ? xs_read(xs, XBT_NULL, "domid", NULL) : NULL;
	struct libxenvchan *server, *client;
	size_t sent = 0, got = 0;

	CHECK(domid);
	server = libxenvchan_server_init(NULL, atoi(domid), NODE, size, size);
	CHECK(server);
	client = libxenvchan_client_init(NULL, atoi(domid), NODE);
	CHECK(client);
	server->blocking = 0;
	client->blocking = 0;
	for (size_t i = 0; i < SIZE; i++)
		out[i] = (char)(i * 7);
	while (got < SIZE) {
		int n = libxenvchan_write(client, out + sent, SIZE - sent);

		CHECK(n >= 0);
		sent += (size_t)n;
		n = libxenvchan_read(server, in + got, SIZE - got);
		CHECK(n >= 0);
		got += (size_t)n;
	}
	CHECK(!memcmp(in, out, SIZE));
	CHECK(libxenvchan_is_open(server) == 1);
	libxenvchan_close(client);
	CHECK(libxenvchan_is_open(server) == 0);
	libxenvchan_close(server);
	free(domid);
	xs_close(xs);
	return true;
}

LIB_TEST("xentools: a vchan with small rings", vchan_small)
{
	return exchange(1024);
}

LIB_TEST("xentools: a vchan with large rings", vchan_large)
{
	return exchange(16384);
}
#endif
