/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A stream's connection, and what lwIP tells about it.
 *
 * lwIP frees a pcb when a connection is over, whoever still points at it. One of its extension arguments has a call-back for that moment, which
 * takes the pointer away: so @tcp is either valid or NULL.
 */
#include "sock.h"

#include <lwip/mem.h>

#define POLL_TICKS 2 /* of half a second: how often a sender that got no memory looks again */
#define EXT 0

static void freed(u8_t id, void *data)
{
	struct netstack_sock *s = data;

	(void)id;
	if (s)
		s->tcp = NULL;
}

static const struct tcp_ext_arg_callbacks ext = { .destroy = freed };

/* The connection is over both ways. */
static void ended(struct netstack_sock *s, int error)
{
	if (s->stage == STAGE_CONNECTING || s->stage == STAGE_CONNECTED)
		s->stage = STAGE_ENDED;
	if (error)
		s->error = error;
	s->eof = s->shut_read = s->shut_write = true;
	sock_wake(s, READABLE | WRITABLE | POLLRDHUP | POLLHUP | POLLERR);
}

/* lwIP has freed the pcb, or is about to. */
static void on_error(void *arg, err_t err)
{
	struct netstack_sock *s = arg;

	if (!s)
		return;
	if (err == ERR_CLSD)
		ended(s, 0);
	else if (err == ERR_RST)
		ended(s, s->stage == STAGE_CONNECTING ? ECONNREFUSED : s->eof ? EPIPE : ECONNRESET);
	else
		ended(s, ETIMEDOUT);
}

static err_t on_receive(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
	struct netstack_sock *s = arg;

	(void)err;
	if (!p) {
		s->eof = true;
		sock_wake(s, READABLE | POLLRDHUP | (s->shut_write ? POLLHUP : 0));
		return ERR_OK;
	}
	if (s->shut_read) { /* as Linux: it is acknowledged and thrown away */
		tcp_recved(pcb, p->tot_len);
		pbuf_free(p);
		return ERR_OK;
	}
	if (!stream_append(s, p))
		return ERR_MEM; /* lwIP keeps it, and tries again */
	sock_wake(s, READABLE);
	return ERR_OK;
}

bool tcp_socket_writable(const struct netstack_sock *s)
{
	return s->tcp && !s->starved && tcp_sndbuf(s->tcp) > TCP_SND_BUF / 3 &&
	       tcp_sndqueuelen(s->tcp) < TCP_SND_QUEUELEN - TCP_SND_QUEUELEN / 3;
}

static err_t on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
	struct netstack_sock *s = arg;

	(void)pcb;
	(void)len;
	s->starved = false;
	if (tcp_socket_writable(s))
		sock_wake(s, WRITABLE);
	return ERR_OK;
}

static err_t on_poll(void *arg, struct tcp_pcb *pcb)
{
	struct netstack_sock *s = arg;

	(void)pcb;
	if (s->starved) {
		s->starved = false;
		sock_wake(s, WRITABLE);
	}
	return ERR_OK;
}

void tcp_socket_attach(struct netstack_sock *s, struct tcp_pcb *pcb)
{
	s->tcp = pcb;
	tcp_arg(pcb, s);
	tcp_recv(pcb, on_receive);
	tcp_sent(pcb, on_sent);
	tcp_err(pcb, on_error);
	tcp_poll(pcb, on_poll, POLL_TICKS);
	tcp_ext_arg_set_callbacks(pcb, EXT, &ext);
	tcp_ext_arg_set(pcb, EXT, s);
}

void tcp_socket_detach(struct netstack_sock *s)
{
	struct tcp_pcb *pcb = s->tcp;

	s->tcp = NULL;
	tcp_arg(pcb, NULL);
	tcp_ext_arg_set(pcb, EXT, NULL);
	if (s->stage == STAGE_LISTENING) {
		tcp_accept(pcb, NULL);
		return;
	}
	tcp_recv(pcb, NULL);
	tcp_sent(pcb, NULL);
	tcp_err(pcb, NULL);
	tcp_poll(pcb, NULL, 0);
}

int tcp_socket_prepare(struct netstack_sock *s)
{
	struct tcp_pcb *pcb;

	if (s->tcp)
		return 0;
	pcb = tcp_new_ip_type(s->version == 4 ? IPADDR_TYPE_V4 : s->v6_only ? IPADDR_TYPE_V6 : IPADDR_TYPE_ANY);
	if (!pcb)
		return -ENOBUFS;
	if (s->reuse)
		ip_set_option(pcb, SOF_REUSEADDR);
	tcp_socket_attach(s, pcb);
	return 0;
}

static void queue_accepted(struct netstack_sock *listener, struct netstack_sock *s)
{
	struct netstack_sock **at = &listener->accepted;

	while (*at)
		at = &(*at)->next;
	*at = s;
	listener->accepted_len++;
}

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
	struct netstack_sock *listener = arg, *s;

	if (err != ERR_OK || !pcb || !listener)
		return ERR_VAL;
	s = sock_new(listener->version, SOCK_STREAM, 0, NULL);
	if (!s)
		return ERR_MEM; /* lwIP aborts the connection */
	s->v6_only = listener->v6_only;
	s->reuse = listener->reuse;
	s->stage = STAGE_CONNECTED;
	s->told = true;
	s->local = pcb->local_ip;
	s->local_port = pcb->local_port;
	s->peer = pcb->remote_ip;
	s->peer_port = pcb->remote_port;
	tcp_backlog_delayed(pcb);
	tcp_socket_attach(s, pcb);
	queue_accepted(listener, s);
	sock_wake(listener, READABLE);
	return ERR_OK;
}

void tcp_socket_accepts(struct netstack_sock *s)
{
	tcp_arg(s->tcp, s);
	tcp_accept(s->tcp, on_accept);
}
