/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Internet sockets: shared by the files of posix/inet only. A socket is a file whose other half is the stack's. What may wait is here, and waits
 * without the stack's lock.
 */
#ifndef POSIX_INET_INET_H
#define POSIX_INET_INET_H

#include <abi/inet.h>
#include <abi/socket.h>
#include <core/errno.h>
#include <core/netstack.h>
#include <core/time.h>
#include <posix/socket.h>

struct inet_sock {
	struct netstack_user user;
	struct netstack_sock *stack;
	int family, type, protocol;
	uint64_t rcv_timeout, snd_timeout; /* ns; 0: none */
	int linger; /* s, of SO_LINGER; -1: off */
	bool pktinfo, recv_ttl; /* what recvmsg() adds: IP_PKTINFO, IP_RECVTTL and IPv6's */
};

/* address.c: pure. */
/* -EINVAL, -EFAULT, -EAFNOSUPPORT. AF_UNSPEC is version 0. */
int inet_address_read(int family, const void *sa, unsigned len, struct netstack_address *out);
/* IPv4's addresses are shown to a socket of AF_INET6 as ::ffff:a.b.c.d. */
void inet_address_name(int family, const struct netstack_address *a, struct socket_name *out);
void inet_address_v6(const struct netstack_address *a, uint8_t out[16]);

/* file.c */
struct file *inet_file(struct inet_sock *s, int flags); /* s->stack is there; takes over @s, on failure too (NULL) */
struct inet_sock *inet_new(int family, int type, int protocol);
unsigned inet_events(struct inet_sock *s);
/*
 * Wait until one of @events holds. @timeout: ns, 0 for none. -EAGAIN when it is over, -EINTR or -EINTR_FINAL. The deadline is counted from the
 * start of the call, which is in *@deadline after the first time; it begins as DEADLINE_NEVER.
 */
int inet_wait(struct inet_sock *s, unsigned events, uint64_t timeout, uint64_t *deadline);

/* calls.c, transfer.c, options.c: the operations of struct socket_ops. */
int inet_bind(struct file *f, const void *addr, unsigned len);
int inet_connect(struct file *f, const void *addr, unsigned len);
int inet_listen(struct file *f, int backlog);
int inet_accept(struct file *f, int flags, struct file **out, struct socket_name *peer);
int inet_shutdown(struct file *f, int how);
int inet_name(struct file *f, bool peer, struct socket_name *out);
ssize_t inet_send(struct file *f, const struct msghdr *hdr, int flags);
ssize_t inet_receive(struct file *f, struct msghdr *hdr, int flags);
int inet_set_option(struct file *f, int level, int name, const void *value, unsigned len);
int inet_get_option(struct file *f, int level, int name, void *value, uint32_t *len);
/* The read and write operations. */
ssize_t inet_read(struct file *f, struct iov_iter *it, off_t *pos);
ssize_t inet_write(struct file *f, struct iov_iter *it, off_t *pos);

/* control.c: what recvmsg() adds to a datagram. */
void inet_control_store(struct inet_sock *s, const struct netstack_transfer *t, struct msghdr *hdr);

/* interface.c */
/* IFF_*. */
unsigned inet_interface_flags(const struct netstack_interface *in);
/* Of IPv4. */
bool inet_interface_has_address(const struct netstack_interface *in);
/* SIOC* on any socket. -ENOTTY: it is none. */
long inet_interface_ioctl(unsigned cmd, union call_arg arg);

#endif
