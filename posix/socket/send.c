/* SPDX-License-Identifier: BSD-3-Clause */
/* Sending. The data is copied into a message before the lock is taken. */
#include <core/alloc.h>
#include <core/string.h>

#include "unix.h"

/* Is there room for a message? The last one may overshoot. */
static bool has_room(const struct sock *s)
{
	return s->type == SOCK_STREAM ? sock_can_send(s) : s->in_flight < s->sndbuf;
}

/* Is there a connection that takes more? Under unix_lock. */
static int check_connection(const struct sock *s)
{
	if (s->state != SOCK_CONNECTED)
		return -ENOTCONN;
	return s->shut_write ? -EPIPE : 0;
}

/* May @s send to its peer? Under unix_lock. */
static int check_connected(struct sock *s)
{
	int ret = sock_take_error(s);

	if (!ret)
		ret = check_connection(s);
	return ret || !s->peer->shut_read ? ret : -EPIPE; /* which it may be since before it was connected */
}

static void attach_files(struct message *m, struct transfer *t)
{
	m->files = t->files;
	m->nfiles = t->nfiles;
	t->files = NULL;
	t->nfiles = 0;
}

/* Wait until @s has room for more, or cannot send at all. */
static int wait_for_room(struct sock *s, bool nonblock, uint64_t deadline)
{
	if (has_room(s) || s->error || s->shut_write)
		return 0;
	if (nonblock)
		return -EAGAIN;
	return wait_result(wait_event_timeout(&s->wait, has_room(s) || s->error || s->shut_write, deadline), deadline);
}

/* A message of the next @len bytes, in *@m, once there is room for one. */
static int next_message(struct sock *s, struct transfer *t, size_t len, uint64_t deadline, struct message **m)
{
	int ret = wait_for_room(s, t->nonblock, deadline);

	if (ret)
		return ret;
	*m = message_new(len, s);
	if (!*m)
		return -ENOMEM;
	iov_get(&t->it, (*m)->data, len);
	return 0;
}

/* One message to the connected peer. */
static ssize_t send_piece(struct sock *s, struct transfer *t, size_t len, uint64_t deadline)
{
	struct message *m;
	int ret = next_message(s, t, len, deadline, &m);

	if (ret)
		return ret;
	mutex_lock(&unix_lock);
	ret = check_connected(s);
	if (!ret) {
		attach_files(m, t);
		message_queue(s->peer, m);
	}
	mutex_unlock(&unix_lock);
	if (ret)
		message_free(m);
	return ret ? ret : (ssize_t)len;
}

/* A reset is for the reader to learn, unless it comes while this waits. */
static ssize_t send_stream(struct sock *s, struct transfer *t)
{
	uint64_t deadline = deadline_of(s->snd_timeout);
	ssize_t done = 0, n;

	mutex_lock(&unix_lock);
	n = check_connection(s);
	mutex_unlock(&unix_lock);
	while (t->it.left && n >= 0) {
		n = send_piece(s, t, message_piece(t->it.left), deadline);
		done += MAX(n, 0);
	}
	return done ? done : n;
}

static ssize_t send_packet(struct sock *s, struct transfer *t)
{
	int ret;

	mutex_lock(&unix_lock);
	ret = sock_take_error(s);
	if (!ret && s->state != SOCK_CONNECTED)
		ret = -ENOTCONN;
	mutex_unlock(&unix_lock);
	if (!ret && t->it.left > s->sndbuf)
		ret = -EMSGSIZE;
	return ret ? ret : send_piece(s, t, t->it.left, deadline_of(s->snd_timeout));
}

/* May @s send a datagram at all? Under unix_lock. */
static int check_sender(struct sock *s)
{
	int ret = sock_take_error(s);

	return ret || !s->shut_write ? ret : -EPIPE;
}

/* Where a datagram goes: a reference. */
static int destination(struct sock *s, const struct address *to, struct sock **out)
{
	int ret;

	*out = NULL;
	mutex_lock(&unix_lock);
	ret = check_sender(s);
	if (!ret && !to && !s->peer)
		ret = -ENOTCONN;
	if (!ret && !to)
		*out = sock_get(s->peer);
	mutex_unlock(&unix_lock);
	if (!ret && to)
		ret = address_find(to, out);
	if (!ret && (*out)->type != SOCK_DGRAM)
		ret = -EPROTOTYPE;
	if (ret) {
		sock_put(*out);
		*out = NULL;
	}
	return ret;
}

/* May @s, with @peer as destination, put a datagram there? Under unix_lock. */
static int check_datagram(struct sock *s, const struct sock *peer)
{
	int ret = check_sender(s);

	if (ret)
		return ret;
	/* A connected datagram socket takes datagrams from its peer alone. */
	if (peer->peer && peer->peer != s)
		return -EPERM;
	if (peer->closed)
		return -ECONNREFUSED;
	return peer->shut_read ? -EPIPE : 0;
}

/* One attempt: -EAGAIN if @peer has too many. */
static int queue_datagram(struct sock *s, struct sock *peer, struct message *m)
{
	struct list lost = LIST_INIT(lost);
	struct sock *gone = NULL;
	int ret;

	mutex_lock(&unix_lock);
	ret = check_datagram(s, peer);
	if (!ret && message_crowded(s, peer, s->peer == peer))
		ret = -EAGAIN;
	if (!ret)
		message_queue(peer, m);
	if (peer->closed && s->peer == peer)
		gone = sock_redirect(s, NULL, &lost);
	mutex_unlock(&unix_lock);
	message_free_all(&lost);
	sock_put(gone);
	return ret;
}

/* Wait until @s may have a chance at @peer: there, or where those connected to it are woken, as long as @s is one and noted. */
static int wait_for_peer(struct sock *s, struct sock *peer, uint64_t deadline)
{
	bool connected = s->peer == peer;

	return wait_event_timeout(connected ? &s->wait : &peer->wait,
	                          peer->queue_len <= DATAGRAMS_MAX || peer->closed || s->error || s->shut_write ||
	                                  (connected && (s->peer != peer || list_empty(&s->blocked))),
	                          deadline);
}

/* Queue @m, when there is room at @peer. */
static int deliver_datagram(struct sock *s, struct sock *peer, struct message *m, bool nonblock, uint64_t deadline)
{
	int ret;

	while ((ret = queue_datagram(s, peer, m)) == -EAGAIN && !nonblock) {
		ret = wait_for_peer(s, peer, deadline);
		if (ret)
			return wait_result(ret, deadline);
	}
	return ret;
}

static ssize_t send_to(struct sock *s, struct sock *peer, struct transfer *t)
{
	uint64_t deadline = deadline_of(s->snd_timeout);
	size_t len = t->it.left;
	struct message *m;
	int ret = next_message(s, t, len, deadline, &m);

	if (ret)
		return ret;
	attach_files(m, t);
	ret = deliver_datagram(s, peer, m, t->nonblock, deadline);
	if (ret)
		message_free(m);
	return ret ? ret : (ssize_t)len;
}

static ssize_t send_datagram(struct sock *s, struct transfer *t)
{
	struct sock *peer;
	ssize_t ret;

	if (t->it.left > s->sndbuf)
		return -EMSGSIZE;
	ret = destination(s, t->to, &peer);
	if (ret)
		return ret;
	ret = send_to(s, peer, t);
	sock_put(peer);
	return ret;
}

ssize_t sock_send(struct sock *s, struct transfer *t)
{
	ssize_t ret;

	t->nonblock |= s->snd_timeout == SOCKET_TIMEOUT_NOW;
	if (t->flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (t->to && s->type != SOCK_DGRAM)
		return s->state == SOCK_CONNECTED ? -EISCONN : -EOPNOTSUPP;
	if (s->type == SOCK_DGRAM)
		return send_datagram(s, t);
	ret = s->type == SOCK_STREAM ? send_stream(s, t) : send_packet(s, t);
	if (ret == -EPIPE && s->type == SOCK_STREAM && !(t->flags & MSG_NOSIGNAL))
		signal_send_thread(thread_self(), SIGPIPE);
	return ret;
}
