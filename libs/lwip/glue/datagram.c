/* SPDX-License-Identifier: BSD-3-Clause */
/* Datagrams (UDP) and raw packets. */
#include "sock.h"

#define UDP_MAX 65507u
#define RAW_MAX 65515u
#define BUFFER_DEFAULT 212992u /* Linux's net.core.rmem_default */

static void on_udp(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *from, u16_t port)
{
	(void)pcb;
	datagram_append(arg, p, from, port);
}

/* A copy: the packet goes on to lwIP's own protocols. */
static u8_t on_raw(void *arg, struct raw_pcb *pcb, struct pbuf *p, const ip_addr_t *from)
{
	struct netstack_sock *s = arg;
	struct pbuf *q;

	(void)pcb;
	if (s->connected && !ip_addr_eq(&s->peer, from))
		return 0;
	q = pbuf_clone(PBUF_RAW, PBUF_RAM, p);
	if (q)
		datagram_append(s, q, from, 0);
	return 0;
}

static u8_t ip_type(const struct netstack_sock *s)
{
	return s->version == 4 ? IPADDR_TYPE_V4 : s->v6_only || s->type == SOCK_RAW ? IPADDR_TYPE_V6 : IPADDR_TYPE_ANY;
}

int datagram_create(struct netstack_sock *s)
{
	s->receive_buffer = BUFFER_DEFAULT;
	if (s->type == SOCK_DGRAM) {
		s->udp = udp_new_ip_type(ip_type(s));
		if (s->udp)
			udp_recv(s->udp, on_udp, s);
		return s->udp ? 0 : -ENOBUFS;
	}
	s->raw = raw_new_ip_type(ip_type(s), s->protocol);
	if (s->raw)
		raw_recv(s->raw, on_raw, s);
	return s->raw ? 0 : -ENOBUFS;
}

void datagram_close(struct netstack_sock *s)
{
	if (s->udp)
		udp_remove(s->udp);
	if (s->raw)
		raw_remove(s->raw);
	datagram_drop_all(s);
}

int datagram_bind(struct netstack_sock *s, const struct netstack_address *a)
{
	ip_addr_t ip;

	if (!to_lwip(s, a, &ip))
		return -EAFNOSUPPORT;
	if (s->raw)
		return errno_of(raw_bind(s->raw, &ip));
	if (s->udp->local_port)
		return -EINVAL;
	return errno_of(udp_bind(s->udp, &ip, a->port));
}

static void disconnect(struct netstack_sock *s)
{
	s->connected = false;
	if (s->udp)
		udp_disconnect(s->udp);
	else
		raw_disconnect(s->raw);
}

int datagram_connect(struct netstack_sock *s, const struct netstack_address *a)
{
	ip_addr_t ip;
	int ret;

	if (!a->version) {
		disconnect(s);
		return 0;
	}
	if (!to_lwip(s, a, &ip))
		return -EAFNOSUPPORT;
	if (ip_addr_isany(&ip))
		ip_addr_set_loopback(a->version == 6, &ip);
	if (s->raw)
		ret = errno_of(raw_connect(s->raw, &ip));
	else
		ret = errno_of(udp_connect(s->udp, &ip, a->port));
	if (!ret) {
		s->connected = true;
		s->peer = ip;
		s->peer_port = a->port;
	}
	return ret;
}

int datagram_shutdown(struct netstack_sock *s, bool read, bool write)
{
	s->shut_read |= read;
	s->shut_write |= write;
	sock_wake(s, READABLE | WRITABLE | POLLRDHUP | POLLHUP);
	return s->connected ? 0 : -ENOTCONN;
}

int datagram_name(struct netstack_sock *s, bool peer, struct netstack_address *out)
{
	const ip_addr_t *local = s->udp ? &s->udp->local_ip : &s->raw->local_ip;

	if (peer && !s->connected)
		return -ENOTCONN;
	if (peer)
		from_lwip(&s->peer, s->peer_port, out);
	else
		from_lwip(local, s->udp ? s->udp->local_port : s->protocol, out);
	/* Connected without an address of its own: the one that its packets leave with. */
	if (!peer && s->connected && ip_addr_isany(local)) {
		struct netif *n = ip_route(local, &s->peer);
		const ip_addr_t *from = n ? ip_netif_get_local_ip(n, &s->peer) : NULL;

		if (from)
			from_lwip(from, out->port, out);
	}
	return 0;
}

/* lwIP has no room left in a header of Ethernet's and IP's own: it makes another buffer for them. */
static struct pbuf *packet(struct netstack_transfer *t)
{
	struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, (u16_t)t->len, PBUF_RAM);

	if (p)
		netstack_get(t, p->payload, t->len);
	return p;
}

static int send_raw(struct netstack_sock *s, struct pbuf *p, const ip_addr_t *to)
{
	return errno_of(raw_sendto(s->raw, p, to));
}

ssize_t datagram_send(struct netstack_sock *s, struct netstack_transfer *t)
{
	ip_addr_t ip = s->peer;
	u16_t port = s->peer_port;
	struct pbuf *p;
	int ret;

	if (s->shut_write)
		return -EPIPE;
	if (t->len > (s->udp ? UDP_MAX : RAW_MAX))
		return -EMSGSIZE;
	if (t->peer.version) {
		if (!to_lwip(s, &t->peer, &ip))
			return -EAFNOSUPPORT;
		if (ip_addr_isany(&ip))
			ip_addr_set_loopback(t->peer.version == 6, &ip);
		port = t->peer.port;
	} else if (!s->connected) {
		return -EDESTADDRREQ;
	}
	if (s->udp && !port)
		return -EINVAL;
	p = packet(t);
	if (!p)
		return -ENOBUFS;
	ret = s->udp ? errno_of(udp_sendto(s->udp, p, &ip, port)) : send_raw(s, p, &ip);
	pbuf_free(p);
	if (ret == -EINVAL && !s->broadcast)
		ret = -EACCES; /* a broadcast, which was not allowed */
	return ret ? ret : (ssize_t)t->len;
}

ssize_t datagram_receive(struct netstack_sock *s, struct netstack_transfer *t)
{
	ssize_t ret = datagram_take(s, t);

	return ret == -EAGAIN && s->shut_read ? 0 : ret;
}

unsigned datagram_events(const struct netstack_sock *s)
{
	unsigned events = WRITABLE;

	if (s->oldest || s->shut_read)
		events |= READABLE;
	if (s->shut_read)
		events |= POLLRDHUP;
	if (s->shut_read && s->shut_write)
		events |= POLLHUP;
	return events;
}
