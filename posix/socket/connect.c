/* SPDX-License-Identifier: BSD-3-Clause */
/* Connecting: listen, connect, accept, pairs, shutdown. */
#include <core/string.h>

#include "unix.h"

#define BACKLOG_MAX 4096

void sock_pair(struct sock *a, struct sock *b)
{
	a->peer = sock_get(b);
	b->peer = sock_get(a);
	a->state = b->state = SOCK_CONNECTED;
}

int sock_listen(struct sock *s, int backlog)
{
	int ret = 0;

	if (s->type == SOCK_DGRAM)
		return -EOPNOTSUPP;
	mutex_lock(&unix_lock);
	if (s->state == SOCK_CONNECTED || !s->addr.len) {
		ret = -EINVAL;
	} else {
		s->state = SOCK_LISTENING;
		s->backlog_max = backlog < 0 || backlog > BACKLOG_MAX ? BACKLOG_MAX : backlog + 1;
	}
	mutex_unlock(&unix_lock);
	waitq_wake(&s->wait, POLLOUT);
	waitq_wake(&s->room, POLLOUT);
	return ret;
}

/* A datagram socket just notes where send() goes; AF_UNSPEC, an address without a name here, dissolves that. */
static int connect_datagram(struct sock *s, const struct address *a)
{
	struct list lost = LIST_INIT(lost);
	struct sock *peer = NULL, *old;
	int ret;

	if (a->sun.family != AF_UNSPEC) {
		ret = address_find(a, &peer);
		if (!ret && peer->type != SOCK_DGRAM)
			ret = -EPROTOTYPE;
		if (ret) {
			sock_put(peer);
			return ret;
		}
	}
	mutex_lock(&unix_lock);
	ret = 0;
	if (peer && peer->peer && peer->peer != s)
		ret = -EPERM;
	old = ret ? peer : sock_redirect(s, peer, &lost);
	mutex_unlock(&unix_lock);
	message_free_all(&lost);
	sock_put(old);
	return ret;
}

/* One attempt, under unix_lock. -EAGAIN: the backlog is full. */
static int try_connect(struct sock *s, struct sock *listener, struct sock *child)
{
	if (s->state == SOCK_CONNECTED)
		return -EISCONN;
	if (s->state == SOCK_LISTENING)
		return -EINVAL;
	if (listener->closed || listener->state != SOCK_LISTENING || listener->shut_read)
		return -ECONNREFUSED;
	if (listener->type != s->type)
		return -EPROTOTYPE;
	if (listener->backlog_len >= listener->backlog_max)
		return -EAGAIN;
	child->addr = listener->addr;
	sock_pair(s, child);
	list_push_back(&listener->backlog, &child->pending);
	listener->backlog_len++;
	waitq_wake_n(&listener->wait, 1, POLLIN | POLLRDNORM); /* a connection is for one */
	waitq_wake(&s->wait, SOCK_WRITABLE);
	return 0;
}

/* Has @listener room, or will it never have any? */
static bool may_try(const struct sock *listener)
{
	return listener->backlog_len < listener->backlog_max || listener->closed || listener->shut_read;
}

static int connect_to(struct sock *s, struct sock *listener, struct sock *child, bool nonblock)
{
	uint64_t deadline = deadline_of(s->snd_timeout);

	for (;;) {
		int ret;

		mutex_lock(&unix_lock);
		ret = try_connect(s, listener, child);
		mutex_unlock(&unix_lock);
		if (ret != -EAGAIN || nonblock)
			return ret;
		ret = wait_event_timeout(&listener->room, may_try(listener), deadline);
		if (ret)
			return wait_result(ret, deadline);
	}
}

static int connect_stream(struct sock *s, const struct address *a, bool nonblock)
{
	struct sock *listener, *child = sock_new(s->type);
	int ret;

	if (!child)
		return -ENOMEM;
	ret = address_find(a, &listener);
	if (!ret) {
		ret = connect_to(s, listener, child, nonblock);
		sock_put(listener);
	}
	if (ret)
		sock_put(child);
	return ret;
}

int sock_connect(struct sock *s, const struct address *a, bool nonblock)
{
	return s->type == SOCK_DGRAM ? connect_datagram(s, a) : connect_stream(s, a, nonblock);
}

/* The next connection, or NULL. */
static struct sock *take_pending(struct sock *s)
{
	struct sock *child = NULL;

	mutex_lock(&unix_lock);
	if (!list_empty(&s->backlog)) {
		child = list_first(&s->backlog, struct sock, pending);
		list_del(&child->pending);
		s->backlog_len--;
		waitq_wake(&s->room, POLLOUT);
	}
	mutex_unlock(&unix_lock);
	return child;
}

int sock_accept(struct sock *s, bool nonblock, struct sock **out)
{
	uint64_t deadline = deadline_of(s->rcv_timeout);

	if (s->type == SOCK_DGRAM)
		return -EOPNOTSUPP;
	for (;;) {
		int ret;

		if (s->state != SOCK_LISTENING)
			return -EINVAL;
		*out = take_pending(s);
		if (*out)
			return 0;
		if (nonblock || s->rcv_timeout == SOCKET_TIMEOUT_NOW)
			return -EAGAIN;
		if (s->shut_read) /* only who would wait is told */
			return -EINVAL;
		ret = wait_event_timeout(&s->wait, s->backlog_len || s->shut_read, deadline);
		if (ret) {
			if (s->backlog_len) /* it may have been woken for this one */
				waitq_wake_n(&s->wait, 1, POLLIN | POLLRDNORM);
			return wait_result(ret, deadline);
		}
	}
}

int sock_shutdown(struct sock *s, int how)
{
	struct sock *peer;

	mutex_lock(&unix_lock);
	peer = s->peer;
	s->shut_read |= how != SHUT_WR;
	s->shut_write |= how != SHUT_RD;
	waitq_wake(&s->wait, SOCK_ALL_EVENTS);
	waitq_wake(&s->room, POLLOUT);
	if (peer && s->type != SOCK_DGRAM) {
		peer->shut_read |= how != SHUT_RD;
		peer->shut_write |= how != SHUT_WR;
		waitq_wake(&peer->wait, SOCK_ALL_EVENTS);
	}
	mutex_unlock(&unix_lock);
	return 0;
}
