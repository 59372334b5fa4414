/* SPDX-License-Identifier: BSD-3-Clause */
/* Ancillary data of datagrams that came: to which address of ours, on which interface, with which time to live. */
#include <core/string.h>

#include "inet.h"

/* One piece of @len bytes at *@used of the program's buffer. */
static void put(struct msghdr *hdr, size_t *used, int level, int type, const void *data, size_t len)
{
	struct cmsghdr c = { .len = sizeof(c) + len, .level = level, .type = type };
	size_t room = hdr->control ? hdr->controllen - *used : 0;

	if (room < c.len) {
		hdr->flags |= MSG_CTRUNC;
		return;
	}
	memcpy(hdr->control + *used, &c, sizeof(c));
	memcpy(hdr->control + *used + sizeof(c), data, len);
	*used += MIN(ALIGN_UP(c.len, sizeof(size_t)), room);
}

static void put_packet(struct inet_sock *s, const struct netstack_transfer *t, struct msghdr *hdr, size_t *used)
{
	struct in_pktinfo in = { .ifindex = (int)t->interface };
	struct in6_pktinfo in6 = { .ifindex = t->interface };

	if (s->family == AF_INET) {
		memcpy(in.spec_dst, t->local.bytes, 4);
		memcpy(in.addr, t->local.bytes, 4);
		put(hdr, used, IPPROTO_IP, IP_PKTINFO, &in, sizeof(in));
		return;
	}
	inet_address_v6(&t->local, in6.addr);
	put(hdr, used, IPPROTO_IPV6, IPV6_PKTINFO, &in6, sizeof(in6));
}

void inet_control_store(struct inet_sock *s, const struct netstack_transfer *t, struct msghdr *hdr)
{
	int ttl = (int)t->ttl;
	size_t used = 0;

	if (s->pktinfo)
		put_packet(s, t, hdr, &used);
	if (s->recv_ttl && s->family == AF_INET)
		put(hdr, &used, IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl));
	else if (s->recv_ttl)
		put(hdr, &used, IPPROTO_IPV6, IPV6_HOPLIMIT, &ttl, sizeof(ttl));
	hdr->controllen = used;
}
