/* SPDX-License-Identifier: BSD-3-Clause */
/* Naming and connecting. */
#include <core/alloc.h>
#include <core/string.h>

#include "inet.h"

int inet_bind(struct file *f, const void *addr, unsigned len)
{
	struct inet_sock *s = f->priv;
	struct netstack_address a;
	int ret = inet_address_read(s->family, addr, len, &a);

	if (ret)
		return ret;
	if (!a.version) { /* AF_UNSPEC: any address, as long as there is no other one */
		if (s->family != AF_INET)
			return -EAFNOSUPPORT;
		ret = inet_address_read(AF_INET, &(struct sockaddr_in){ .family = AF_INET }, sizeof(struct sockaddr_in), &a);
	}
	netstack_lock();
	if (!ret)
		ret = netstack->bind(s->stack, &a);
	netstack_unlock();
	return ret;
}

static int try_connect(struct inet_sock *s, const struct netstack_address *a)
{
	netstack_lock();
	int ret = netstack->connect(s->stack, a);

	netstack_unlock();
	return ret;
}

/* A stream that waits for another call's attempt reports its end, as Linux does. */
int inet_connect(struct file *f, const void *addr, unsigned len)
{
	struct inet_sock *s = f->priv;
	uint64_t deadline = DEADLINE_NEVER;
	struct netstack_address a;
	int ret = inet_address_read(s->family, addr, len, &a);

	if (ret)
		return ret;
	ret = try_connect(s, &a);
	if (f->flags & O_NONBLOCK)
		return ret;
	while (ret == -EINPROGRESS || ret == -EALREADY) {
		ret = inet_wait(s, POLLOUT, s->snd_timeout, &deadline);
		if (ret)
			return ret == -EAGAIN ? -EINPROGRESS : ret;
		ret = try_connect(s, &a);
	}
	return ret;
}

int inet_listen(struct file *f, int backlog)
{
	struct inet_sock *s = f->priv;

	netstack_lock();
	int ret = netstack->listen(s->stack, backlog);

	netstack_unlock();
	return ret;
}

static int take_connection(struct inet_sock *s, struct inet_sock *child)
{
	netstack_lock();
	int ret = netstack->accept(s->stack, &child->user, &child->stack);

	netstack_unlock();
	return ret;
}

static int wait_connection(struct inet_sock *s, struct inet_sock *child, bool nonblock)
{
	uint64_t deadline = DEADLINE_NEVER;

	for (;;) {
		int ret = take_connection(s, child);

		if (ret != -EAGAIN || nonblock)
			return ret;
		ret = inet_wait(s, POLLIN, s->rcv_timeout, &deadline);
		if (ret)
			return ret;
	}
}

int inet_accept(struct file *f, int flags, struct file **out, struct socket_name *peer)
{
	struct inet_sock *s = f->priv, *child = inet_new(s->family, s->type, s->protocol);
	struct netstack_address a = { 0 };
	int ret = child ? wait_connection(s, child, f->flags & O_NONBLOCK) : -ENOMEM;

	if (ret) {
		kfree(child);
		return ret;
	}
	child->rcv_timeout = s->rcv_timeout;
	child->snd_timeout = s->snd_timeout;
	netstack_lock();
	(void)netstack->name(child->stack, true, &a); /* of one that was reset meanwhile nothing is known */
	netstack_unlock();
	inet_address_name(child->family, &a, peer);
	*out = inet_file(child, flags);
	return *out ? 0 : -ENOMEM;
}

int inet_shutdown(struct file *f, int how)
{
	struct inet_sock *s = f->priv;

	netstack_lock();
	int ret = netstack->shutdown(s->stack, how != SHUT_WR, how != SHUT_RD);

	netstack_unlock();
	return ret;
}

int inet_name(struct file *f, bool peer, struct socket_name *out)
{
	struct inet_sock *s = f->priv;
	struct netstack_address a;

	netstack_lock();
	int ret = netstack->name(s->stack, peer, &a);

	netstack_unlock();
	if (!ret)
		inet_address_name(s->family, &a, out);
	return ret;
}
