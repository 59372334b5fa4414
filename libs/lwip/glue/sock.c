/* SPDX-License-Identifier: BSD-3-Clause */
/* A socket's life, and which kind of it a call is for. */
#include "sock.h"

#include <lwip/mem.h>
#include <lwip/netif.h>
#include <lwip/sys.h>
#include <lwip/timeouts.h>

#include <core/init.h>

#define PROTOCOL_TCP 6
#define PROTOCOL_UDP 17

struct netstack_sock *sock_new(int version, int type, int protocol, struct netstack_user *user)
{
	struct netstack_sock *s = mem_calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->user = user;
	s->version = (uint8_t)version;
	s->type = (uint8_t)type;
	s->protocol = (uint8_t)protocol;
#if LWIP_IPV6
	if (version == 6)
		s->local = *IP6_ADDR_ANY;
#endif
	return s;
}

void sock_wake(struct netstack_sock *s, unsigned events)
{
	if (s->user)
		netstack_wake(s->user, events);
}

static bool is_stream(const struct netstack_sock *s)
{
	return s->type == SOCK_STREAM;
}

static int check_kind(int version, int type, int protocol)
{
	if (version == 6 && !LWIP_IPV6)
		return -EAFNOSUPPORT;
	if (type == SOCK_STREAM)
		return !protocol || protocol == PROTOCOL_TCP ? 0 : -EPROTONOSUPPORT;
	if (type == SOCK_DGRAM)
		return !protocol || protocol == PROTOCOL_UDP ? 0 : -EPROTONOSUPPORT;
	if (type != SOCK_RAW)
		return -ESOCKTNOSUPPORT;
	return protocol > 0 && protocol < 256 ? 0 : -EPROTONOSUPPORT;
}

static int create(int version, int type, int protocol, struct netstack_user *user, struct netstack_sock **out)
{
	int ret = check_kind(version, type, protocol);
	struct netstack_sock *s = ret ? NULL : sock_new(version, type, protocol, user);

	if (ret)
		return ret;
	if (!s)
		return -ENOBUFS;
	ret = is_stream(s) ? 0 : datagram_create(s);
	if (ret)
		mem_free(s);
	else
		*out = s;
	return ret;
}

static void destroy(struct netstack_sock *s)
{
	s->user = NULL;
	if (is_stream(s))
		tcp_socket_close(s);
	else
		datagram_close(s);
	mem_free(s);
}

static int bind_to(struct netstack_sock *s, const struct netstack_address *a)
{
	return is_stream(s) ? tcp_socket_bind(s, a) : datagram_bind(s, a);
}

static int connect_to(struct netstack_sock *s, const struct netstack_address *a)
{
	return is_stream(s) ? tcp_socket_connect(s, a) : datagram_connect(s, a);
}

static int listen_on(struct netstack_sock *s, int backlog)
{
	return is_stream(s) ? tcp_socket_listen(s, backlog) : -EOPNOTSUPP;
}

static int accept_from(struct netstack_sock *s, struct netstack_user *user, struct netstack_sock **out)
{
	return is_stream(s) ? tcp_socket_accept(s, user, out) : -EOPNOTSUPP;
}

static int shut_down(struct netstack_sock *s, bool read, bool write)
{
	return is_stream(s) ? tcp_socket_shutdown(s, read, write) : datagram_shutdown(s, read, write);
}

static int name(struct netstack_sock *s, bool peer, struct netstack_address *out)
{
	return is_stream(s) ? tcp_socket_name(s, peer, out) : datagram_name(s, peer, out);
}

static ssize_t send(struct netstack_sock *s, struct netstack_transfer *t)
{
	return is_stream(s) ? tcp_socket_send(s, t) : datagram_send(s, t);
}

static ssize_t receive(struct netstack_sock *s, struct netstack_transfer *t)
{
	return is_stream(s) ? tcp_socket_receive(s, t) : datagram_receive(s, t);
}

static unsigned events(struct netstack_sock *s)
{
	return is_stream(s) ? tcp_socket_events(s) : datagram_events(s);
}

static int take_error(struct netstack_sock *s)
{
	int error = s->error;

	s->error = 0;
	return -error;
}

static size_t queued(struct netstack_sock *s, bool out)
{
	if (!out)
		return is_stream(s) ? s->queued : datagram_next(s);
	return s->tcp && s->stage == STAGE_CONNECTED ? TCP_SND_BUF - tcp_sndbuf(s->tcp) : 0;
}

static void run(void)
{
	netif_poll_all();
	sys_check_timeouts();
	netif_poll_all(); /* a timer may send to ourselves */
}

static uint64_t due(void)
{
	u32_t ms = sys_timeouts_sleeptime();

	return ms == SYS_TIMEOUTS_SLEEPTIME_INFINITE ? UINT64_MAX : ms * NSEC_PER_MSEC;
}

u32_t sys_now(void)
{
	return netstack_now();
}

static const struct netstack_ops ops = {
	.start = interface_start,
	.input = interface_input,
	.run = run,
	.due = due,
	.configured = interface_configured,
	.dns = interface_dns,
	.interface = interface_get,
	.create = create,
	.close = destroy,
	.bind = bind_to,
	.connect = connect_to,
	.listen = listen_on,
	.accept = accept_from,
	.shutdown = shut_down,
	.name = name,
	.send = send,
	.receive = receive,
	.events = events,
	.take_error = take_error,
	.queued = queued,
	.set = sock_set,
	.get = sock_get,
};

static int lwip_start(void)
{
	return netstack_register(&ops);
}
INITCALL(INIT_SERVICES, lwip_start);
