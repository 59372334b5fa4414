/* SPDX-License-Identifier: BSD-3-Clause */
/* Options of sockets that are numbers. */
#include "sock.h"

#include <lwip/netif.h>
#include <lwip/priv/tcp_priv.h>

#define BUFFER_MIN 2304u
#define BUFFER_MAX (4u << 20)

/* What both kinds of pcb begin with; NULL: there is none now. */
static struct ip_pcb *pcb_of(struct netstack_sock *s)
{
	return s->tcp ? (struct ip_pcb *)s->tcp : s->udp ? (struct ip_pcb *)s->udp : (struct ip_pcb *)s->raw;
}

static void set_flag(struct netstack_sock *s, u8_t flag, bool on)
{
	struct ip_pcb *pcb = pcb_of(s);

	if (!pcb)
		return;
	if (on)
		ip_set_option(pcb, flag);
	else
		ip_reset_option(pcb, flag);
}

static int set_ip(struct netstack_sock *s, enum netstack_option option, int value)
{
	struct ip_pcb *pcb = pcb_of(s);

	if (value < -1 || value > 255 || (option == NETSTACK_TTL && !value))
		return -EINVAL;
	if (pcb && option == NETSTACK_TTL)
		pcb->ttl = value < 0 ? 255 : (u8_t)value;
	else if (pcb)
		pcb->tos = (u8_t)(value < 0 ? 0 : value);
	return 0;
}

static int set_device(struct netstack_sock *s, int value)
{
	struct ip_pcb *pcb = pcb_of(s);

	if (value && (value > 255 || value < 0 || !netif_get_by_index((u8_t)value)))
		return -ENODEV;
	if (pcb)
		pcb->netif_idx = (u8_t)value;
	return 0;
}

static int set_v6_only(struct netstack_sock *s, bool on)
{
	if (s->version != 6)
		return -ENOPROTOOPT;
	if (s->local_port || (s->udp && s->udp->local_port))
		return -EINVAL;
	s->v6_only = on;
#if LWIP_IPV6
	if (pcb_of(s))
		IP_SET_TYPE_VAL(pcb_of(s)->local_ip, on ? IPADDR_TYPE_V6 : IPADDR_TYPE_ANY);
#endif
	return 0;
}

/* A connection's, or of a socket that will be one. */
static int set_tcp(struct netstack_sock *s, enum netstack_option option, int value)
{
	int ret;

	if (s->type != SOCK_STREAM)
		return -ENOPROTOOPT;
	if (s->stage == STAGE_LISTENING || s->stage == STAGE_ENDED)
		return 0;
	ret = tcp_socket_prepare(s);
	return ret ? ret : tcp_socket_option(s, option, value);
}

int tcp_socket_option(struct netstack_sock *s, enum netstack_option option, int value)
{
	switch (option) {
	case NETSTACK_NO_DELAY:
		if (value)
			tcp_nagle_disable(s->tcp);
		else
			tcp_nagle_enable(s->tcp);
		break;
	case NETSTACK_CORK:
		s->cork = value;
		break;
	case NETSTACK_KEEP_IDLE:
	case NETSTACK_KEEP_INTERVAL:
		if (value < 1 || value > 32767)
			return -EINVAL;
		*(option == NETSTACK_KEEP_IDLE ? &s->tcp->keep_idle : &s->tcp->keep_intvl) = (u32_t)value * 1000;
		break;
	case NETSTACK_KEEP_COUNT:
		if (value < 1 || value > 127)
			return -EINVAL;
		s->tcp->keep_cnt = (u32_t)value;
		break;
	default:
		return -ENOPROTOOPT;
	}
	if (s->stage == STAGE_CONNECTED && (option == NETSTACK_NO_DELAY || (option == NETSTACK_CORK && !value)))
		tcp_output(s->tcp); /* what was held back for more to come */
	return 0;
}

int sock_set(struct netstack_sock *s, enum netstack_option option, int value)
{
	switch (option) {
	case NETSTACK_REUSE:
		s->reuse = value;
		set_flag(s, SOF_REUSEADDR, value);
		return 0;
	case NETSTACK_BROADCAST:
		s->broadcast = value;
		set_flag(s, SOF_BROADCAST, value);
		return 0;
	case NETSTACK_KEEPALIVE:
		if (s->type == SOCK_STREAM && s->stage == STAGE_IDLE && tcp_socket_prepare(s))
			return -ENOBUFS;
		set_flag(s, SOF_KEEPALIVE, value);
		return 0;
	case NETSTACK_RECEIVE_BUFFER: /* a stream's is the window */
		s->receive_buffer = LWIP_MIN(LWIP_MAX((u32_t)value, BUFFER_MIN), BUFFER_MAX);
		return 0;
	case NETSTACK_SEND_BUFFER:
		return 0;
	case NETSTACK_DISCARD:
		s->discard = value;
		return 0;
	case NETSTACK_TTL:
	case NETSTACK_TOS:
		return set_ip(s, option, value);
	case NETSTACK_DEVICE:
		return set_device(s, value);
	case NETSTACK_V6_ONLY:
		return set_v6_only(s, value);
	case NETSTACK_HEADER:
		if (!s->raw)
			return -ENOPROTOOPT;
		s->raw->flags = (u8_t)(value ? s->raw->flags | RAW_FLAGS_HDRINCL : s->raw->flags & ~RAW_FLAGS_HDRINCL);
		return 0;
	default:
		return set_tcp(s, option, value);
	}
}

/* The states of tcp(7), in the order of lwIP's. */
static int linux_state(const struct netstack_sock *s)
{
	static const uint8_t states[] = { 7, 10, 2, 3, 1, 4, 5, 8, 11, 9, 6 };

	return s->tcp ? states[s->tcp->state] : 7;
}

static int get_tcp(struct netstack_sock *s, enum netstack_option option, int *value)
{
	const struct tcp_pcb *pcb = s->stage == STAGE_LISTENING ? NULL : s->tcp;

	if (s->type != SOCK_STREAM)
		return -ENOPROTOOPT;
	switch (option) {
	case NETSTACK_NO_DELAY:
		*value = pcb && tcp_nagle_disabled(pcb);
		return 0;
	case NETSTACK_CORK:
		*value = s->cork;
		return 0;
	case NETSTACK_KEEP_IDLE:
		*value = (int)((pcb ? pcb->keep_idle : TCP_KEEPIDLE_DEFAULT) / 1000);
		return 0;
	case NETSTACK_KEEP_INTERVAL:
		*value = (int)((pcb ? pcb->keep_intvl : TCP_KEEPINTVL_DEFAULT) / 1000);
		return 0;
	case NETSTACK_KEEP_COUNT:
		*value = (int)(pcb ? pcb->keep_cnt : TCP_KEEPCNT_DEFAULT);
		return 0;
	case NETSTACK_SEGMENT:
		*value = pcb ? tcp_mss(pcb) : TCP_MSS;
		return 0;
	case NETSTACK_STATE:
		*value = linux_state(s);
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

int sock_get(struct netstack_sock *s, enum netstack_option option, int *value)
{
	const struct ip_pcb *pcb = pcb_of(s);

	switch (option) {
	case NETSTACK_REUSE:
		*value = s->reuse;
		return 0;
	case NETSTACK_BROADCAST:
		*value = s->broadcast;
		return 0;
	case NETSTACK_KEEPALIVE:
		*value = pcb && ip_get_option(pcb, SOF_KEEPALIVE);
		return 0;
	case NETSTACK_RECEIVE_BUFFER:
		*value = s->type == SOCK_STREAM ? (int)TCP_WND : (int)s->receive_buffer;
		return 0;
	case NETSTACK_SEND_BUFFER:
		*value = (int)TCP_SND_BUF;
		return 0;
	case NETSTACK_DISCARD:
		*value = s->discard;
		return 0;
	case NETSTACK_TTL:
		*value = pcb ? pcb->ttl : 64;
		return 0;
	case NETSTACK_TOS:
		*value = pcb ? pcb->tos : 0;
		return 0;
	case NETSTACK_DEVICE:
		*value = pcb ? pcb->netif_idx : 0;
		return 0;
	case NETSTACK_V6_ONLY:
		*value = s->v6_only;
		return s->version == 6 ? 0 : -ENOPROTOOPT;
	case NETSTACK_HEADER:
		*value = s->raw && (s->raw->flags & RAW_FLAGS_HDRINCL);
		return s->raw ? 0 : -ENOPROTOOPT;
	default:
		return get_tcp(s, option, value);
	}
}
