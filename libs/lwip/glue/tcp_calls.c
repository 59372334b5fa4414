/* SPDX-License-Identifier: BSD-3-Clause */
/* The calls of streams. Results, and the order in which conditions are looked at, are those of tcp(7) on Linux. */
#include "sock.h"

#include <lwip/mem.h>

#define BACKLOG_MAX 255
/* What goes into one buffer of lwIP's at a time. */
#define PIECE 8192u

int tcp_socket_bind(struct netstack_sock *s, const struct netstack_address *a)
{
	ip_addr_t ip;
	int ret;

	if (s->stage != STAGE_IDLE || s->local_port)
		return -EINVAL;
	if (!to_lwip(s, a, &ip))
		return -EAFNOSUPPORT;
	ret = tcp_socket_prepare(s);
	if (!ret)
		ret = errno_of(tcp_bind(s->tcp, &ip, a->port));
	if (!ret) {
		s->local = s->tcp->local_ip;
		s->local_port = s->tcp->local_port;
	}
	return ret;
}

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
	struct netstack_sock *s = arg;

	(void)err;
	s->stage = STAGE_CONNECTED;
	s->local = pcb->local_ip;
	s->local_port = pcb->local_port;
	sock_wake(s, WRITABLE);
	return ERR_OK;
}

static int begin_connect(struct netstack_sock *s, const struct netstack_address *a)
{
	ip_addr_t ip;
	int ret;

	if (!to_lwip(s, a, &ip))
		return a->version ? -EAFNOSUPPORT : -EINVAL;
	if (!a->port)
		return -ECONNREFUSED;
	if (ip_addr_isany(&ip)) /* this machine */
		ip_addr_set_loopback(a->version == 6, &ip);
	ret = tcp_socket_prepare(s);
	if (ret)
		return ret;
	ret = errno_of(tcp_connect(s->tcp, &ip, a->port, on_connected));
	if (ret)
		return ret;
	s->stage = STAGE_CONNECTING;
	s->told = false;
	s->peer = ip;
	s->peer_port = a->port;
	return -EINPROGRESS;
}

/* The attempt has failed, or the connection is over: the socket may try again. */
static int report_failure(struct netstack_sock *s)
{
	int error = s->error;

	s->stage = STAGE_IDLE;
	s->error = 0;
	s->eof = s->shut_read = s->shut_write = false;
	s->local_port = s->peer_port = 0;
	return error ? -error : -ECONNABORTED;
}

int tcp_socket_connect(struct netstack_sock *s, const struct netstack_address *a)
{
	switch (s->stage) {
	case STAGE_IDLE:
		return begin_connect(s, a);
	case STAGE_CONNECTING:
		return -EALREADY;
	case STAGE_CONNECTED:
		if (s->told)
			return -EISCONN;
		s->told = true;
		return 0;
	case STAGE_ENDED:
		return s->told ? -EISCONN : report_failure(s);
	default:
		return -EISCONN;
	}
}

int tcp_socket_listen(struct netstack_sock *s, int backlog)
{
	u8_t room = backlog < 0 || backlog > BACKLOG_MAX - 1 ? BACKLOG_MAX : (u8_t)(backlog + 1);
	struct tcp_pcb *pcb, *old;
	err_t err = ERR_OK;
	int ret;

	if (s->stage == STAGE_LISTENING) {
		tcp_backlog_set(s->tcp, room);
		return 0;
	}
	if (s->stage != STAGE_IDLE)
		return -EINVAL;
	ret = tcp_socket_prepare(s);
	if (!ret && !s->local_port)
		ret = errno_of(tcp_bind(s->tcp, s->version == 4 ? IP4_ADDR_ANY : IP_ANY_TYPE, 0));
	if (ret)
		return ret;
	old = s->tcp;
	tcp_socket_detach(s); /* listening takes another pcb, and frees this one */
	pcb = tcp_listen_with_backlog_and_err(old, room, &err);
	if (!pcb) {
		tcp_socket_attach(s, old);
		return errno_of(err);
	}
	s->tcp = pcb;
	s->stage = STAGE_LISTENING;
	s->local = pcb->local_ip;
	s->local_port = pcb->local_port;
	tcp_socket_accepts(s);
	return 0;
}

int tcp_socket_accept(struct netstack_sock *s, struct netstack_user *user, struct netstack_sock **out)
{
	struct netstack_sock *child = s->accepted;

	if (s->stage != STAGE_LISTENING)
		return -EINVAL;
	if (!child)
		return -EAGAIN;
	s->accepted = child->next;
	s->accepted_len--;
	child->next = NULL;
	child->user = user;
	if (child->tcp)
		tcp_backlog_accepted(child->tcp);
	*out = child;
	return 0;
}

int tcp_socket_shutdown(struct netstack_sock *s, bool read, bool write)
{
	if (s->stage == STAGE_LISTENING) {
		if (!read)
			return 0;
		tcp_socket_close(s);
		s->stage = STAGE_IDLE;
		sock_wake(s, READABLE | POLLHUP);
		return 0;
	}
	if (s->stage != STAGE_CONNECTED && s->stage != STAGE_CONNECTING)
		return -ENOTCONN;
	if (write && !s->shut_write && s->tcp)
		tcp_shutdown(s->tcp, 0, 1);
	s->shut_read |= read;
	s->shut_write |= write;
	sock_wake(s, READABLE | WRITABLE | POLLRDHUP | POLLHUP);
	return 0;
}

int tcp_socket_name(struct netstack_sock *s, bool peer, struct netstack_address *out)
{
	if (peer && s->stage != STAGE_CONNECTED)
		return -ENOTCONN;
	if (peer)
		from_lwip(&s->peer, s->peer_port, out);
	else
		from_lwip(&s->local, s->local_port, out);
	return 0;
}

/* Why @s may not send now; 0: it may. */
static int check_sending(struct netstack_sock *s)
{
	int error = s->error;

	if (error) {
		s->error = 0;
		return -error;
	}
	if (s->stage == STAGE_CONNECTING)
		return -EAGAIN;
	return s->shut_write || s->stage != STAGE_CONNECTED || !s->tcp ? -EPIPE : 0;
}

/* One piece into lwIP's queue, which copies it. Bytes, or 0 when there is no room. */
static size_t send_piece(struct netstack_sock *s, struct netstack_transfer *t, size_t left, bool more)
{
	size_t len;
	const void *data = netstack_peek(t, &len);
	size_t n = LWIP_MIN(LWIP_MIN(len, PIECE), tcp_sndbuf(s->tcp));

	if (!n || tcp_sndqueuelen(s->tcp) >= TCP_SND_QUEUELEN - 8 - n / 512)
		return 0;
	if (tcp_write(s->tcp, data, (u16_t)n, TCP_WRITE_FLAG_COPY | (more || n < left ? TCP_WRITE_FLAG_MORE : 0)) != ERR_OK) {
		s->starved = true;
		return 0;
	}
	netstack_advance(t, n);
	return n;
}

ssize_t tcp_socket_send(struct netstack_sock *s, struct netstack_transfer *t)
{
	int ret = check_sending(s);
	size_t done = 0, n;

	if (ret)
		return ret;
	do {
		n = send_piece(s, t, t->len - done, t->more || s->cork);
		done += n;
	} while (n && done < t->len);
	if (!s->cork && !t->more)
		tcp_output(s->tcp);
	return done || !t->len ? (ssize_t)done : -EAGAIN;
}

ssize_t tcp_socket_receive(struct netstack_sock *s, struct netstack_transfer *t)
{
	int error = s->error;
	size_t done;

	if (s->stage == STAGE_IDLE || s->stage == STAGE_LISTENING)
		return -ENOTCONN;
	done = stream_take(s, t);
	if (done && !t->peek && s->tcp)
		for (size_t left = done; left;) {
			u16_t n = (u16_t)LWIP_MIN(left, 0xffffu);

			tcp_recved(s->tcp, n);
			left -= n;
		}
	if (done)
		return (ssize_t)done;
	if (s->queued) /* the program's buffer has no room at all */
		return 0;
	if (error) {
		s->error = 0;
		return -error;
	}
	return s->eof || s->shut_read ? 0 : -EAGAIN;
}

unsigned tcp_socket_events(struct netstack_sock *s)
{
	bool no_read = s->eof || s->shut_read;
	unsigned events = s->error ? POLLERR : 0;

	if (s->stage == STAGE_LISTENING)
		return events | (s->accepted ? READABLE : 0);
	if (s->stage == STAGE_CONNECTING)
		return events;
	if (s->stage != STAGE_CONNECTED || (no_read && s->shut_write))
		events |= POLLHUP;
	if (no_read)
		events |= POLLRDHUP;
	if (no_read || s->queued)
		events |= READABLE;
	if (s->stage != STAGE_CONNECTED || s->shut_write || tcp_socket_writable(s))
		events |= WRITABLE;
	return events;
}

static void close_accepted(struct netstack_sock *s)
{
	while (s->accepted) {
		struct netstack_sock *child = s->accepted;

		s->accepted = child->next;
		child->discard = true;
		tcp_socket_close(child);
		mem_free(child);
	}
	s->accepted_len = 0;
}

/* What is queued still goes out; unread data makes it a reset, in lwIP as in Linux. */
void tcp_socket_close(struct netstack_sock *s)
{
	struct tcp_pcb *pcb = s->tcp;

	close_accepted(s);
	if (pcb) {
		tcp_socket_detach(s);
		if (s->discard && s->stage != STAGE_LISTENING)
			tcp_abort(pcb);
		else if (tcp_close(pcb) != ERR_OK)
			tcp_abort(pcb);
	}
	stream_drop(s);
}
