/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sockets over lwIP's raw API: shared by the files of this folder only. All functions here, and lwIP's call-backs, run with the stack's lock
 * held (<core/netstack.h>).
 */
#ifndef LIBLWIP_SOCK_H
#define LIBLWIP_SOCK_H

/* The kernel's before the C library's, which lwIP includes: both have a PAGE_SIZE. */
#include <abi/poll.h>
#include <abi/socket.h>
#include <core/errno.h>
#include <core/netstack.h>

#include <lwip/ip_addr.h>
#include <lwip/pbuf.h>
#include <lwip/raw.h>
#include <lwip/tcp.h>
#include <lwip/udp.h>

#define READABLE (POLLIN | POLLRDNORM)
#define WRITABLE (POLLOUT | POLLWRNORM)

enum tcp_stage { STAGE_IDLE, STAGE_LISTENING, STAGE_CONNECTING, STAGE_CONNECTED, STAGE_ENDED };

struct datagram;

struct netstack_sock {
	struct netstack_user *user; /* NULL: a connection that nobody has accepted yet */
	uint8_t version, type, protocol;
	bool shut_read, shut_write; /* by the program, or since the connection is over */
	bool v6_only;
	bool reuse, broadcast;
	uint8_t device; /* 0: any */
	int error; /* for SO_ERROR and the next call: > 0 */
	size_t queued; /* bytes to be read */
	size_t receive_buffer; /* of datagrams: what the queue may take, with its overhead */

	/* A stream. */
	struct tcp_pcb *tcp; /* NULL: lwIP has freed it, or it was not made yet */
	enum tcp_stage stage;
	bool told; /* that it is connected, by connect() */
	bool eof; /* the peer sends no more */
	bool cork, discard;
	bool starved; /* sending has failed for want of memory: looked at again in a while */
	struct pbuf *first, *last; /* a chain of what came; lengths of single buffers count, no totals */
	size_t room; /* unused bytes behind *last, which then is ours */
	ip_addr_t local, peer; /* of a connection, also when its pcb is gone */
	uint16_t local_port, peer_port;
	struct netstack_sock *accepted, *next; /* of a listener: connections that wait, by @next */
	unsigned accepted_len;

	/* Datagrams and raw packets. */
	struct udp_pcb *udp;
	struct raw_pcb *raw;
	bool connected;
	struct datagram *oldest, *newest;
	size_t charged; /* of receive_buffer */
};

/* sock.c */
struct netstack_sock *sock_new(int version, int type, int protocol, struct netstack_user *user);
void sock_wake(struct netstack_sock *s, unsigned events);

/* convert.c: the one place where the kernel's addresses and errors meet lwIP's. */
/* False: @a is of IPv6 and there is none, or @s does not take it. An unspecified address becomes one of the socket's kind. */
bool to_lwip(const struct netstack_sock *s, const struct netstack_address *a, ip_addr_t *out);
void from_lwip(const ip_addr_t *ip, uint16_t port, struct netstack_address *out);
/* 0 or -Exxx. */
int errno_of(err_t err);

/* queue.c: what came and was not read. */
/* Take over @p; what is small goes into one buffer with its neighbours, so that memory stays in proportion to the data. False: no memory, @p is kept. */
bool stream_append(struct netstack_sock *s, struct pbuf *p);
size_t stream_take(struct netstack_sock *s, struct netstack_transfer *t);
void stream_drop(struct netstack_sock *s);
/* Take over @p, or free it when there is no room. */
void datagram_append(struct netstack_sock *s, struct pbuf *p, const ip_addr_t *from, uint16_t port);
/* -EAGAIN: none. */
ssize_t datagram_take(struct netstack_sock *s, struct netstack_transfer *t);
size_t datagram_next(const struct netstack_sock *s); /* its length */
void datagram_drop_all(struct netstack_sock *s);

/* tcp.c: the pcb, and what lwIP tells about it. */
int tcp_socket_prepare(struct netstack_sock *s); /* there is a pcb now; -ENOBUFS */
void tcp_socket_attach(struct netstack_sock *s, struct tcp_pcb *pcb);
void tcp_socket_detach(struct netstack_sock *s); /* the pcb is no longer ours */
void tcp_socket_accepts(struct netstack_sock *s); /* a listener's pcb */
bool tcp_socket_writable(const struct netstack_sock *s);

/* tcp_calls.c and datagram.c: the calls of struct netstack_ops, by type. */
void tcp_socket_close(struct netstack_sock *s);
int tcp_socket_bind(struct netstack_sock *s, const struct netstack_address *a);
int tcp_socket_connect(struct netstack_sock *s, const struct netstack_address *a);
int tcp_socket_listen(struct netstack_sock *s, int backlog);
int tcp_socket_accept(struct netstack_sock *s, struct netstack_user *user, struct netstack_sock **out);
int tcp_socket_shutdown(struct netstack_sock *s, bool read, bool write);
int tcp_socket_name(struct netstack_sock *s, bool peer, struct netstack_address *out);
ssize_t tcp_socket_send(struct netstack_sock *s, struct netstack_transfer *t);
ssize_t tcp_socket_receive(struct netstack_sock *s, struct netstack_transfer *t);
unsigned tcp_socket_events(struct netstack_sock *s);
int tcp_socket_option(struct netstack_sock *s, enum netstack_option option, int value);

int datagram_create(struct netstack_sock *s);
void datagram_close(struct netstack_sock *s);
int datagram_bind(struct netstack_sock *s, const struct netstack_address *a);
int datagram_connect(struct netstack_sock *s, const struct netstack_address *a);
int datagram_shutdown(struct netstack_sock *s, bool read, bool write);
int datagram_name(struct netstack_sock *s, bool peer, struct netstack_address *out);
ssize_t datagram_send(struct netstack_sock *s, struct netstack_transfer *t);
ssize_t datagram_receive(struct netstack_sock *s, struct netstack_transfer *t);
unsigned datagram_events(const struct netstack_sock *s);

/* options.c */
int sock_set(struct netstack_sock *s, enum netstack_option option, int value);
int sock_get(struct netstack_sock *s, enum netstack_option option, int *value);

/* interface.c */
int interface_start(const struct netstack_settings *settings, const uint8_t *mac, unsigned mtu);
void interface_input(const void *frame, size_t len);
bool interface_configured(void);
unsigned interface_dns(uint8_t (*out)[4], unsigned max);
bool interface_get(unsigned n, struct netstack_interface *out);

#endif
