/* SPDX-License-Identifier: BSD-3-Clause */
/* Datagrams (UDP) and raw packets. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arpa/inet.h>

#include "test.h"

/* A bound socket and its address. */
static int bound(struct sockaddr_in *a)
{
	socklen_t len = sizeof(*a);
	int s = socket(AF_INET, SOCK_DGRAM, 0);

	*a = local(0);
	if (s < 0 || bind(s, (struct sockaddr *)a, sizeof(*a)) || getsockname(s, (struct sockaddr *)a, &len))
		return -1;
	return s;
}

static bool plain(void)
{
	struct sockaddr_in a, b, from;
	socklen_t len = sizeof(from);
	int s = bound(&a), t = bound(&b), n;
	char buf[16];

	CHECK(s >= 0 && t >= 0);
	CHECK_ERR(send(s, "x", 1, 0), EDESTADDRREQ);
	CHECK_ERR(recv(s, buf, 1, MSG_DONTWAIT), EAGAIN);
	CHECK_EQ(sendto(s, "first", 5, 0, (struct sockaddr *)&b, sizeof(b)), 5);
	CHECK_EQ(sendto(s, "", 0, 0, (struct sockaddr *)&b, sizeof(b)), 0);
	CHECK_EQ(sendto(s, "second", 6, 0, (struct sockaddr *)&b, sizeof(b)), 6);
	CHECK_EQ(ioctl(t, FIONREAD, &n), 0);
	CHECK_EQ(n, 5);
	CHECK_EQ(recv(t, buf, 3, MSG_PEEK | MSG_TRUNC), 5);
	CHECK_EQ(recvfrom(t, buf, sizeof(buf), 0, (struct sockaddr *)&from, &len), 5);
	CHECK_EQ(from.sin_port, a.sin_port);
	CHECK_EQ(recv(t, buf, sizeof(buf), 0), 0);
	CHECK_EQ(recv(t, buf, 3, 0), 3);
	CHECK_ERR(recv(t, buf, 3, MSG_DONTWAIT), EAGAIN);
	close(s);
	return !close(t);
}

static bool connected_pair(void)
{
	struct sockaddr_in a, b, other;
	struct sockaddr none = { .sa_family = AF_UNSPEC };
	socklen_t len = sizeof(other);
	int s = bound(&a), t = bound(&b), u = bound(&other);
	char buf[16];

	CHECK_EQ(connect(s, (struct sockaddr *)&b, sizeof(b)), 0);
	CHECK_EQ(sendto(u, "not heard", 9, 0, (struct sockaddr *)&a, sizeof(a)), 9);
	CHECK_EQ(sendto(t, "heard", 5, 0, (struct sockaddr *)&a, sizeof(a)), 5);
	CHECK_EQ(recv(s, buf, sizeof(buf), 0), 5);
	CHECK_EQ(send(s, "to b", 4, 0), 4);
	CHECK_EQ(recv(t, buf, sizeof(buf), 0), 4);
	CHECK_EQ(getpeername(s, (struct sockaddr *)&other, &len), 0);
	CHECK_EQ(other.sin_port, b.sin_port);
	CHECK_EQ(connect(s, &none, sizeof(none)), 0);
	CHECK_ERR(getpeername(s, (struct sockaddr *)&other, &len), ENOTCONN);
	close(s);
	close(u);
	return !close(t);
}

static bool large(void)
{
	struct sockaddr_in a, b;
	int s = bound(&a), t = bound(&b);
	size_t size = 60000;
	char *data = malloc(size), *back = malloc(size);

	CHECK(data && back);
	for (size_t i = 0; i < size; i++)
		data[i] = (char)(i * 13 + i / 255);
	CHECK_EQ(sendto(s, data, size, 0, (struct sockaddr *)&b, sizeof(b)), size);
	CHECK_EQ(recv(t, back, size, 0), size);
	CHECK(!memcmp(data, back, size));
	CHECK_ERR(sendto(s, data, 65508, 0, (struct sockaddr *)&b, sizeof(b)), EMSGSIZE);
	free(data);
	free(back);
	close(s);
	return !close(t);
}

static bool several(void)
{
	struct sockaddr_in a, b;
	int s = bound(&a), t = bound(&b);
	char in[3][8] = { "one", "two", "three" }, out[4][8];
	struct iovec to[3], from[4];
	struct mmsghdr m[3] = { 0 }, r[4] = { 0 };

	for (int i = 0; i < 3; i++) {
		to[i] = (struct iovec){ in[i], strlen(in[i]) };
		m[i].msg_hdr = (struct msghdr){ .msg_name = &b, .msg_namelen = sizeof(b), .msg_iov = &to[i], .msg_iovlen = 1 };
	}
	for (int i = 0; i < 4; i++) {
		from[i] = (struct iovec){ out[i], sizeof(out[i]) };
		r[i].msg_hdr = (struct msghdr){ .msg_iov = &from[i], .msg_iovlen = 1 };
	}
	CHECK_EQ(sendmmsg(s, m, 3, 0), 3);
	CHECK_EQ(m[2].msg_len, 5);
	CHECK_EQ(recvmmsg(t, r, 4, MSG_DONTWAIT, NULL), 3);
	CHECK_EQ(r[1].msg_len, 3);
	CHECK(!memcmp(out[2], "three", 5));
	close(s);
	return !close(t);
}

/* Which of our addresses a datagram came to, and its time to live. */
static bool packet_information(void)
{
	struct sockaddr_in a, b;
	int s = bound(&a), t = bound(&b), on = 1, seen = 0;
	char buf[8], control[128];
	struct iovec vec = { buf, sizeof(buf) };
	struct msghdr m = { .msg_iov = &vec, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control) };

	CHECK_EQ(setsockopt(t, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)), 0);
	CHECK_EQ(setsockopt(t, IPPROTO_IP, IP_RECVTTL, &on, sizeof(on)), 0);
	CHECK_EQ(sendto(s, "x", 1, 0, (struct sockaddr *)&b, sizeof(b)), 1);
	CHECK_EQ(recvmsg(t, &m, 0), 1);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
		CHECK_EQ(c->cmsg_level, IPPROTO_IP);
		if (c->cmsg_type == IP_PKTINFO) {
			struct in_pktinfo info;

			memcpy(&info, CMSG_DATA(c), sizeof(info));
			CHECK_EQ(info.ipi_addr.s_addr, htonl(INADDR_LOOPBACK));
			CHECK_EQ(info.ipi_ifindex, 1);
			seen |= 1;
		} else if (c->cmsg_type == IP_TTL) {
			int ttl;

			memcpy(&ttl, CMSG_DATA(c), sizeof(ttl));
			CHECK(ttl > 0);
			seen |= 2;
		}
	}
	CHECK_EQ(seen, 3);
	close(s);
	return !close(t);
}

static bool version6(void)
{
	struct sockaddr_in6 any = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT }, from;
	int s = socket(AF_INET6, SOCK_DGRAM, 0), t = socket(AF_INET6, SOCK_DGRAM, 0);
	socklen_t len = sizeof(any);
	char buf[8];

	if (s < 0 && errno == EAFNOSUPPORT)
		return true; /* left out of the image */
	CHECK_EQ(bind(t, (struct sockaddr *)&any, sizeof(any)), 0);
	CHECK_EQ(getsockname(t, (struct sockaddr *)&any, &len), 0);
	CHECK_EQ(sendto(s, "six", 3, 0, (struct sockaddr *)&any, sizeof(any)), 3);
	CHECK_EQ(recvfrom(t, buf, sizeof(buf), 0, (struct sockaddr *)&from, &len), 3);
	CHECK(IN6_IS_ADDR_LOOPBACK(&from.sin6_addr));
	close(s);
	return !close(t);
}

/* A socket of IPv6 that takes IPv4's connections. */
static bool mapped(void)
{
	struct sockaddr_in6 any = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_ANY_INIT }, from;
	int l = socket(AF_INET6, SOCK_STREAM, 0), s = socket(AF_INET, SOCK_STREAM, 0), c;
	socklen_t len = sizeof(any);
	struct sockaddr_in a;

	if (l < 0 && errno == EAFNOSUPPORT)
		return true;
	CHECK_EQ(bind(l, (struct sockaddr *)&any, sizeof(any)), 0);
	CHECK_EQ(listen(l, 1), 0);
	CHECK_EQ(getsockname(l, (struct sockaddr *)&any, &len), 0);
	a = local(ntohs(any.sin6_port));
	CHECK_EQ(connect(s, (struct sockaddr *)&a, sizeof(a)), 0);
	c = accept(l, (struct sockaddr *)&from, &len);
	CHECK(c >= 0);
	CHECK_EQ(from.sin6_family, AF_INET6);
	CHECK(IN6_IS_ADDR_V4MAPPED(&from.sin6_addr));
	CHECK_EQ(from.sin6_addr.s6_addr[12], 127);
	close(c);
	close(s);
	return !close(l);
}

static bool wrong_kinds(void)
{
	CHECK_ERR(socket(AF_INET, SOCK_SEQPACKET, 0), ESOCKTNOSUPPORT);
	CHECK_ERR(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP), EPROTONOSUPPORT);
	CHECK_ERR(socket(AF_INET, SOCK_DGRAM, IPPROTO_TCP), EPROTONOSUPPORT);
	CHECK_ERR(socket(99, SOCK_DGRAM, 0), EAFNOSUPPORT);
	CHECK_ERR(socketpair(AF_INET, SOCK_STREAM, 0, (int[2]){ 0 }), EOPNOTSUPP);
	return true;
}

const struct test datagram_tests[] = {
	{ "datagram.plain", plain },
	{ "datagram.connected", connected_pair },
	{ "datagram.large", large },
	{ "datagram.several", several },
	{ "datagram.packet_information", packet_information },
	{ "datagram.version6", version6 },
	{ "datagram.mapped", mapped },
	{ "datagram.wrong_kinds", wrong_kinds },
	{ NULL, NULL },
};
