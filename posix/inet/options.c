/* SPDX-License-Identifier: BSD-3-Clause */
/* Options: Linux's names, and what the stack calls them. */
#include <core/string.h>

#include "inet.h"

enum kind {
	NUMBER,
	FLAG, /* 0 or 1 */
	IGNORED, /* accepted, and without effect: what it hints at is not there */
};

struct option {
	int level, name;
	enum netstack_option option;
	enum kind kind;
};

static const struct option options[] = {
	{ SOL_SOCKET, SO_REUSEADDR, NETSTACK_REUSE, FLAG },
	{ SOL_SOCKET, SO_REUSEPORT, 0, IGNORED },
	{ SOL_SOCKET, SO_BROADCAST, NETSTACK_BROADCAST, FLAG },
	{ SOL_SOCKET, SO_KEEPALIVE, NETSTACK_KEEPALIVE, FLAG },
	{ SOL_SOCKET, SO_RCVBUF, NETSTACK_RECEIVE_BUFFER, NUMBER },
	{ SOL_SOCKET, SO_RCVBUFFORCE, NETSTACK_RECEIVE_BUFFER, NUMBER },
	{ SOL_SOCKET, SO_SNDBUF, NETSTACK_SEND_BUFFER, NUMBER },
	{ SOL_SOCKET, SO_SNDBUFFORCE, NETSTACK_SEND_BUFFER, NUMBER },
	{ SOL_SOCKET, SO_DEBUG, 0, IGNORED },
	{ SOL_SOCKET, SO_DONTROUTE, 0, IGNORED },
	{ SOL_SOCKET, SO_OOBINLINE, 0, IGNORED },
	{ SOL_SOCKET, SO_PRIORITY, 0, IGNORED },
	{ SOL_SOCKET, SO_INCOMING_CPU, 0, IGNORED },
	{ SOL_SOCKET, SO_BUSY_POLL, 0, IGNORED },
	{ IPPROTO_IP, IP_TTL, NETSTACK_TTL, NUMBER },
	{ IPPROTO_IP, IP_TOS, NETSTACK_TOS, NUMBER },
	{ IPPROTO_IP, IP_HDRINCL, NETSTACK_HEADER, FLAG },
	{ IPPROTO_IP, IP_MTU_DISCOVER, 0, IGNORED },
	{ IPPROTO_IP, IP_RECVERR, 0, IGNORED },
	{ IPPROTO_IP, IP_FREEBIND, 0, IGNORED },
	{ IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 0, IGNORED },
	{ IPPROTO_IPV6, IPV6_UNICAST_HOPS, NETSTACK_TTL, NUMBER },
	{ IPPROTO_IPV6, IPV6_TCLASS, NETSTACK_TOS, NUMBER },
	{ IPPROTO_IPV6, IPV6_V6ONLY, NETSTACK_V6_ONLY, FLAG },
	{ IPPROTO_IPV6, IPV6_MTU_DISCOVER, 0, IGNORED },
	{ IPPROTO_IPV6, IPV6_RECVERR, 0, IGNORED },
	{ IPPROTO_TCP, TCP_NODELAY, NETSTACK_NO_DELAY, FLAG },
	{ IPPROTO_TCP, TCP_CORK, NETSTACK_CORK, FLAG },
	{ IPPROTO_TCP, TCP_KEEPIDLE, NETSTACK_KEEP_IDLE, NUMBER },
	{ IPPROTO_TCP, TCP_KEEPINTVL, NETSTACK_KEEP_INTERVAL, NUMBER },
	{ IPPROTO_TCP, TCP_KEEPCNT, NETSTACK_KEEP_COUNT, NUMBER },
	{ IPPROTO_TCP, TCP_MAXSEG, NETSTACK_SEGMENT, NUMBER },
	{ IPPROTO_TCP, TCP_SYNCNT, 0, IGNORED },
	{ IPPROTO_TCP, TCP_LINGER2, 0, IGNORED },
	{ IPPROTO_TCP, TCP_QUICKACK, 0, IGNORED },
	{ IPPROTO_TCP, TCP_USER_TIMEOUT, 0, IGNORED },
	{ IPPROTO_TCP, TCP_DEFER_ACCEPT, 0, IGNORED },
};

static const struct option *find(int level, int name)
{
	for (unsigned i = 0; i < ARRAY_SIZE(options); i++)
		if (options[i].level == level && options[i].name == name)
			return &options[i];
	return NULL;
}

static int set_number(struct inet_sock *s, enum netstack_option option, int value)
{
	netstack_lock();
	int ret = netstack->set(s->stack, option, value);

	netstack_unlock();
	return ret;
}

static int set_linger(struct inet_sock *s, const void *value, unsigned len)
{
	struct linger l;

	if (len < sizeof(l))
		return -EINVAL;
	memcpy(&l, value, sizeof(l));
	s->linger = l.onoff ? MAX(l.linger, 0) : -1;
	return set_number(s, NETSTACK_DISCARD, s->linger == 0);
}

/* By name; the empty one is all. */
static int set_device(struct inet_sock *s, const char *value, unsigned len)
{
	struct netstack_interface in;
	char name[IF_NAME_SIZE] = { 0 };

	memcpy(name, value, MIN(len, (unsigned)sizeof(name) - 1));
	if (!name[0])
		return set_number(s, NETSTACK_DEVICE, 0);
	for (unsigned i = 0;; i++) {
		netstack_lock();
		bool there = netstack->interface(i, &in);

		netstack_unlock();
		if (!there)
			return -ENODEV;
		if (!strcmp(in.name, name))
			return set_number(s, NETSTACK_DEVICE, (int)in.index);
	}
}

/* The flags that are this side's. NULL: it is another option. */
static bool *own_flag(struct inet_sock *s, int level, int name)
{
	if ((level == IPPROTO_IP && name == IP_PKTINFO) || (level == IPPROTO_IPV6 && name == IPV6_RECVPKTINFO))
		return &s->pktinfo;
	if ((level == IPPROTO_IP && name == IP_RECVTTL) || (level == IPPROTO_IPV6 && name == IPV6_RECVHOPLIMIT))
		return &s->recv_ttl;
	return NULL;
}

/* Those of IP may be one byte long. */
static int read_number(int level, const void *value, unsigned len, int *out)
{
	if (len >= sizeof(int)) {
		memcpy(out, value, sizeof(int));
		return 0;
	}
	if (level != IPPROTO_IP || !len)
		return -EINVAL;
	const uint8_t *byte = value;

	*out = *byte;
	return 0;
}

int inet_set_option(struct file *f, int level, int name, const void *value, unsigned len)
{
	struct inet_sock *s = f->priv;
	const struct option *o = find(level, name);
	bool *flag = own_flag(s, level, name);
	int number, ret;

	if (level == SOL_SOCKET && (name == SO_RCVTIMEO || name == SO_SNDTIMEO))
		return socket_timeout_read(value, len, name == SO_RCVTIMEO ? &s->rcv_timeout : &s->snd_timeout);
	if (level == SOL_SOCKET && name == SO_LINGER)
		return set_linger(s, value, len);
	if (level == SOL_SOCKET && name == SO_BINDTODEVICE)
		return set_device(s, value, len);
	if (!o && !flag)
		return -ENOPROTOOPT;
	ret = read_number(level, value, len, &number);
	if (ret)
		return ret;
	if (flag)
		*flag = number;
	else if (o->kind != IGNORED)
		ret = set_number(s, o->option, o->kind == FLAG ? !!number : number);
	return ret;
}

static int get_number(struct inet_sock *s, enum netstack_option option, int *value)
{
	netstack_lock();
	int ret = netstack->get(s->stack, option, value);

	netstack_unlock();
	return ret;
}

static int take_error(struct inet_sock *s)
{
	netstack_lock();
	int ret = netstack->take_error(s->stack);

	netstack_unlock();
	return -ret;
}

/* What Linux calls TCP_LISTEN. */
#define STATE_LISTEN 10

static int get_general(struct inet_sock *s, int name, int *out)
{
	switch (name) {
	case SO_TYPE:
		*out = s->type;
		return 0;
	case SO_DOMAIN:
		*out = s->family;
		return 0;
	case SO_PROTOCOL:
		*out = s->protocol ? s->protocol : s->type == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP;
		return 0;
	case SO_ERROR:
		*out = take_error(s);
		return 0;
	case SO_ACCEPTCONN:
		*out = s->type == SOCK_STREAM && !get_number(s, NETSTACK_STATE, out) && *out == STATE_LISTEN;
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

/* The first byte is the state; what programs beyond that read is not counted here. */
static int get_info(struct inet_sock *s, void *value, uint32_t *len)
{
	uint8_t info[104] = { 0 };
	int state, ret = get_number(s, NETSTACK_STATE, &state);

	info[0] = (uint8_t)state;
	return ret ? ret : socket_option_store(info, sizeof(info), value, len);
}

int inet_get_option(struct file *f, int level, int name, void *value, uint32_t *len)
{
	struct inet_sock *s = f->priv;
	const struct option *o = find(level, name);
	const bool *flag = own_flag(s, level, name);
	int number = 0, ret = 0;

	if (level == SOL_SOCKET && (name == SO_RCVTIMEO || name == SO_SNDTIMEO)) {
		struct timeval tv = time_to_timeval(name == SO_RCVTIMEO ? s->rcv_timeout : s->snd_timeout);

		return socket_option_store(&tv, sizeof(tv), value, len);
	}
	if (level == SOL_SOCKET && name == SO_LINGER) {
		struct linger l = { s->linger >= 0, MAX(s->linger, 0) };

		return socket_option_store(&l, sizeof(l), value, len);
	}
	if (level == IPPROTO_TCP && name == TCP_INFO)
		return get_info(s, value, len);
	if (flag)
		number = *flag;
	else if (o && o->kind != IGNORED)
		ret = get_number(s, o->option, &number);
	else if (!o)
		ret = level == SOL_SOCKET ? get_general(s, name, &number) : -ENOPROTOOPT;
	return ret ? ret : socket_option_store(&number, sizeof(number), value, len);
}
