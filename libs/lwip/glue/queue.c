/* SPDX-License-Identifier: BSD-3-Clause */
/* What came and was not read yet. */
#include "sock.h"

#include <string.h>

#include <lwip/ip.h>
#include <lwip/mem.h>

#define SMALL 512u /* what is shorter is copied together */
#define GATHER 4000u /* bytes of a buffer for such */
/* What a queued datagram costs beside its data. */
#define OVERHEAD (sizeof(struct datagram) + sizeof(struct pbuf) + 64)

struct datagram {
	struct datagram *next;
	struct pbuf *p;
	size_t charge;
	struct netstack_address from, to;
	uint8_t interface, ttl;
};

static void link_last(struct netstack_sock *s, struct pbuf *p)
{
	if (s->last)
		s->last->next = p;
	else
		s->first = p;
	while (p->next)
		p = p->next;
	s->last = p;
}

/* Copy all of @p behind what is there. False: no memory. */
static bool gather(struct netstack_sock *s, struct pbuf *p)
{
	if (s->room < p->tot_len) {
		struct pbuf *q = pbuf_alloc(PBUF_RAW, GATHER, PBUF_RAM);

		if (!q)
			return false;
		q->len = q->tot_len = 0;
		link_last(s, q);
		s->room = GATHER;
	}
	pbuf_copy_partial(p, (char *)s->last->payload + s->last->len, p->tot_len, 0);
	s->last->len = s->last->tot_len = (u16_t)(s->last->len + p->tot_len);
	s->room -= p->tot_len;
	return true;
}

bool stream_append(struct netstack_sock *s, struct pbuf *p)
{
	u16_t len = p->tot_len;

	if (len < SMALL) {
		if (!gather(s, p))
			return false;
		pbuf_free(p);
	} else {
		s->room = 0;
		link_last(s, p);
	}
	s->queued += len;
	return true;
}

/* The first buffer was read. */
static void drop_first(struct netstack_sock *s)
{
	struct pbuf *p = s->first;

	s->first = p->next;
	if (!s->first) {
		s->last = NULL;
		s->room = 0;
	}
	p->next = NULL;
	p->tot_len = p->len;
	pbuf_free(p);
}

static size_t peek(const struct netstack_sock *s, struct netstack_transfer *t)
{
	size_t done = 0;

	for (const struct pbuf *p = s->first; p; p = p->next) {
		size_t n = netstack_put(t, p->payload, p->len);

		done += n;
		if (n < p->len)
			break;
	}
	return done;
}

size_t stream_take(struct netstack_sock *s, struct netstack_transfer *t)
{
	size_t done = 0;

	if (t->peek)
		return peek(s, t);
	while (s->first) {
		struct pbuf *p = s->first;
		size_t n = netstack_put(t, p->payload, p->len);

		done += n;
		s->queued -= n;
		if (n < p->len) {
			p->payload = (char *)p->payload + n;
			p->len = (u16_t)(p->len - n);
			break;
		}
		drop_first(s);
	}
	return done;
}

void stream_drop(struct netstack_sock *s)
{
	while (s->first)
		drop_first(s);
	s->queued = 0;
}

void datagram_append(struct netstack_sock *s, struct pbuf *p, const ip_addr_t *from, uint16_t port)
{
	size_t charge = p->tot_len + OVERHEAD;
	struct datagram *d = s->shut_read || s->charged + charge > s->receive_buffer ? NULL : mem_malloc(sizeof(*d));

	if (!d) {
		pbuf_free(p);
		return;
	}
	d->next = NULL;
	d->p = p;
	d->charge = charge;
	d->interface = netif_get_index(ip_current_input_netif());
	from_lwip(from, port, &d->from);
	from_lwip(ip_current_dest_addr(), 0, &d->to);
#if LWIP_IPV6
	d->ttl = ip_current_is_v6() ? IP6H_HOPLIM(ip6_current_header()) : IPH_TTL(ip4_current_header());
#else
	d->ttl = IPH_TTL(ip4_current_header());
#endif
	if (s->newest)
		s->newest->next = d;
	else
		s->oldest = d;
	s->newest = d;
	s->charged += charge;
	s->queued += p->tot_len;
	sock_wake(s, READABLE);
}

static void drop_oldest(struct netstack_sock *s)
{
	struct datagram *d = s->oldest;

	s->oldest = d->next;
	if (!s->oldest)
		s->newest = NULL;
	s->charged -= d->charge;
	s->queued -= d->p->tot_len;
	pbuf_free(d->p);
	mem_free(d);
}

ssize_t datagram_take(struct netstack_sock *s, struct netstack_transfer *t)
{
	struct datagram *d = s->oldest;
	ssize_t done = 0;

	if (!d)
		return -EAGAIN;
	for (struct pbuf *p = d->p; p; p = p->next)
		done += (ssize_t)netstack_put(t, p->payload, p->len);
	t->full = d->p->tot_len;
	t->peer = d->from;
	t->local = d->to;
	t->interface = d->interface;
	t->ttl = d->ttl;
	if (!t->peek)
		drop_oldest(s);
	return done;
}

size_t datagram_next(const struct netstack_sock *s)
{
	return s->oldest ? s->oldest->p->tot_len : 0;
}

void datagram_drop_all(struct netstack_sock *s)
{
	while (s->oldest)
		drop_oldest(s);
}
