/* SPDX-License-Identifier: BSD-3-Clause */
/* Unix sockets: transfers of nothing, names of packets, and datagram sockets that get another peer. What is expected is what Linux does. */
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "test.h"

/* recv() of nothing waits for data as any other does; read() of nothing never does. */
static void receive_nothing(void)
{
	char c;
	int s[2], other = socket(AF_UNIX, SOCK_STREAM, 0);

	CHECK_ERR(recv(other, &c, 0, 0), EINVAL);
	CHECK_EQ(read(other, &c, 0), 0);
	close(other);
	CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
	CHECK_ERR(recv(s[0], &c, 0, MSG_DONTWAIT), EAGAIN);
	CHECK_EQ(write(s[1], "xy", 2), 2);
	CHECK_EQ(recv(s[0], &c, 0, 0), 0);
	CHECK_EQ(recv(s[0], &c, 1, MSG_WAITALL), 1);
	CHECK_EQ(c, 'x');
	CHECK_EQ(write(s[0], "z", 1), 1);
	close(s[1]);
	CHECK_EQ(recv(s[0], &c, 1, 0), 1);
	CHECK_ERR(recv(s[0], &c, 0, 0), ECONNRESET);
	CHECK_EQ(recv(s[0], &c, 0, 0), 0);
	close(s[0]);
	CHECK_EQ(socketpair(AF_UNIX, SOCK_DGRAM, 0, s), 0);
	CHECK_EQ(write(s[1], "x", 1), 1);
	CHECK_EQ(read(s[0], &c, 0), 0);
	CHECK_EQ(recv(s[0], &c, 0, 0), 0);
	CHECK_ERR(recv(s[0], &c, 1, MSG_DONTWAIT), EAGAIN);
	close(s[0]);
	close(s[1]);
}

static void packets_with_names(void)
{
	static char much[400000];
	struct sockaddr_un name = { .sun_family = AF_UNIX, .sun_path = "/tmp/states-none" };
	int s[2], other = socket(AF_UNIX, SOCK_SEQPACKET, 0);

	CHECK_ERR(sendto(other, "a", 1, 0, (struct sockaddr *)&name, sizeof(name)), ENOTCONN);
	CHECK_ERR(send(other, much, sizeof(much), 0), ENOTCONN);
	close(other);
	CHECK_EQ(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, s), 0);
	CHECK_EQ(sendto(s[0], "a", 1, 0, (struct sockaddr *)&name, sizeof(name)), 1);
	CHECK_ERR(send(s[0], much, sizeof(much), 0), EMSGSIZE);
	close(s[1]);
	CHECK_ERR(send(s[0], much, sizeof(much), 0), ECONNRESET);
	CHECK_ERR(send(s[0], much, sizeof(much), 0), EMSGSIZE);
	CHECK_ERR(send(s[0], "a", 1, 0), EPIPE);
	close(s[0]);
}

static int datagrams(struct sockaddr_un *name, char letter)
{
	int s = socket(AF_UNIX, SOCK_DGRAM, 0);

	*name = (struct sockaddr_un){ .sun_family = AF_UNIX, .sun_path = "/tmp/states-x" };
	name->sun_path[strlen(name->sun_path) - 1] = letter;
	unlink(name->sun_path);
	return bind(s, (struct sockaddr *)name, sizeof(*name)) ? -1 : s;
}

/* Two sockets with names, and one to send to them. */
static struct sockaddr_un name_a, name_b;
static int at_a, at_b, sender;

static void three(void)
{
	at_a = datagrams(&name_a, 'a');
	at_b = datagrams(&name_b, 'b');
	sender = socket(AF_UNIX, SOCK_DGRAM, 0);
}

static void no_three(void)
{
	close(at_a);
	close(at_b);
	close(sender);
	unlink(name_a.sun_path);
	unlink(name_b.sun_path);
}

static int join(int s, const struct sockaddr_un *name)
{
	return connect(s, (const struct sockaddr *)name, sizeof(*name));
}

static void another_peer(void)
{
	const struct sockaddr_un nobody = { .sun_family = AF_UNSPEC };
	struct pollfd p = { 0 };
	char c;

	three();
	p.fd = at_b;
	CHECK_EQ(join(at_a, &name_b), 0);
	CHECK_EQ(sendto(at_b, "x", 1, 0, (struct sockaddr *)&name_a, sizeof(name_a)), 1);
	CHECK_EQ(join(at_a, &name_b), 0);
	CHECK_EQ(recv(at_a, &c, 1, MSG_DONTWAIT | MSG_PEEK), 1);
	CHECK_EQ(join(at_b, &name_a), 0);
	CHECK_EQ(join(at_a, &nobody), 0); /* what is unread is lost, and the sender hears of it */
	CHECK_ERR(recv(at_a, &c, 1, MSG_DONTWAIT), EAGAIN);
	CHECK_EQ(poll(&p, 1, 0), 1);
	CHECK_EQ(p.revents, POLLERR);
	CHECK_ERR(recv(at_b, &c, 1, MSG_DONTWAIT), ECONNRESET);
	CHECK_EQ(join(at_a, &name_b), 0);
	CHECK_EQ(shutdown(at_a, SHUT_RD), 0);
	CHECK_ERR(sendto(sender, "x", 1, 0, (struct sockaddr *)&name_a, sizeof(name_a)), EPERM);
	no_three();
}

static void unread_at_refusal(void)
{
	char c;
	int s[2];

	CHECK_EQ(socketpair(AF_UNIX, SOCK_DGRAM, 0, s), 0);
	CHECK(write(s[1], "x", 1) == 1 && write(s[1], "y", 1) == 1);
	close(s[1]);
	CHECK_EQ(recv(s[0], &c, 1, 0), 1);
	CHECK_ERR(send(s[0], "a", 1, 0), ECONNREFUSED);
	CHECK_ERR(recv(s[0], &c, 1, MSG_DONTWAIT), EAGAIN);
	close(s[0]);
}

static void fill(void)
{
	int other = socket(AF_UNIX, SOCK_DGRAM, 0); /* room that is made by reading from it is none of the sender's */

	join(sender, &name_a);
	while (sendto(other, "a", 1, MSG_DONTWAIT, (struct sockaddr *)&name_a, sizeof(name_a)) > 0)
		;
	close(other);
}

static void join_b(void *arg)
{
	(void)arg;
	join(sender, &name_b);
}

/* The new peer goes at once, and is forgotten; then there is room at the first. */
static void lose_b(void *arg)
{
	char c;

	join_b(arg);
	close(at_b);
	send(sender, "a", 1, MSG_DONTWAIT);
	recv(at_a, &c, 1, 0);
}

static void another_peer_while_waiting(void)
{
	struct pollfd p = { .events = POLLOUT };

	three();
	fill();
	p.fd = sender;
	test_later(20, join_b, NULL);
	long begin = test_now();

	CHECK_EQ(poll(&p, 1, 8000), 1);
	CHECK(test_now() - begin < 7000); /* woken */
	test_join();
	fill();
	test_later(20, lose_b, NULL);
	CHECK_EQ(send(sender, "b", 1, 0), 1);
	test_join();
	no_three();
}

const struct test peers_tests[] = { { "receive_nothing", receive_nothing },
	                            { "packets_with_names", packets_with_names },
	                            { "another_peer", another_peer },
	                            { "unread_at_refusal", unread_at_refusal },
	                            { "another_peer_while_waiting", another_peer_while_waiting },
	                            { NULL, NULL } };
