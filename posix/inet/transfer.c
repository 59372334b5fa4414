/* SPDX-License-Identifier: BSD-3-Clause */
/* Sending and receiving. */
#include <core/string.h>
#include <core/thread.h>
#include <posix/signal.h>

#include "inet.h"

static bool nonblock(const struct file *f, int flags)
{
	return (f->flags & O_NONBLOCK) || (flags & MSG_DONTWAIT);
}

static ssize_t send_once(struct inet_sock *s, struct netstack_transfer *t)
{
	netstack_lock();
	ssize_t ret = netstack->send(s->stack, t);

	netstack_unlock();
	return ret;
}

/* A stream's call ends when all was sent; what was sent before an error counts. */
static ssize_t send_all(struct inet_sock *s, struct netstack_transfer *t, bool wait)
{
	uint64_t deadline = DEADLINE_NEVER;
	ssize_t done = 0;

	for (;;) {
		ssize_t ret = send_once(s, t);

		if (ret > 0) {
			done += ret;
			t->len -= (size_t)ret;
		}
		if (s->type != SOCK_STREAM || !t->len || (ret < 0 && ret != -EAGAIN) || (ret == -EAGAIN && !wait))
			return done ? done : ret;
		if (ret != -EAGAIN)
			continue;
		ret = inet_wait(s, POLLOUT, s->snd_timeout, &deadline);
		if (ret)
			return done ? done : ret;
	}
}

static ssize_t send_from(struct file *f, struct iov_iter *it, const struct netstack_address *to, int flags)
{
	struct inet_sock *s = f->priv;
	struct netstack_transfer t = { .it = it, .len = it->left, .more = flags & MSG_MORE };
	ssize_t ret;

	if (to)
		t.peer = *to;
	ret = send_all(s, &t, !nonblock(f, flags));
	if (ret == -EPIPE && s->type == SOCK_STREAM && !(flags & MSG_NOSIGNAL))
		signal_send_thread(thread_self(), SIGPIPE);
	return ret;
}

ssize_t inet_send(struct file *f, const struct msghdr *hdr, int flags)
{
	struct inet_sock *s = f->priv;
	struct netstack_address to;
	struct iov_iter it;
	int ret;

	if (flags & MSG_OOB)
		return -EOPNOTSUPP;
	ret = iov_init(&it, hdr->iov, (int)hdr->iovlen);
	if (ret)
		return ret;
	if (!hdr->name || !hdr->namelen || s->type == SOCK_STREAM) /* a stream's is not looked at */
		return send_from(f, &it, NULL, flags);
	ret = inet_address_read(s->family, hdr->name, hdr->namelen, &to);
	return ret ? ret : send_from(f, &it, &to, flags);
}

static ssize_t receive_once(struct inet_sock *s, struct netstack_transfer *t)
{
	netstack_lock();
	ssize_t ret = netstack->receive(s->stack, t);

	netstack_unlock();
	return ret;
}

static ssize_t receive_all(struct inet_sock *s, struct netstack_transfer *t, int flags, bool wait)
{
	bool all = s->type == SOCK_STREAM && (flags & MSG_WAITALL) && !t->peek;
	uint64_t deadline = DEADLINE_NEVER;
	ssize_t done = 0;

	for (;;) {
		ssize_t ret = receive_once(s, t);

		if (ret > 0)
			done += ret;
		if ((ret > 0 && !(all && t->it->left)) || !ret || (ret < 0 && ret != -EAGAIN) || (ret == -EAGAIN && !wait))
			return done ? done : ret;
		if (ret != -EAGAIN)
			continue;
		ret = inet_wait(s, POLLIN | POLLRDHUP, s->rcv_timeout, &deadline);
		if (ret)
			return done ? done : ret;
	}
}

/* What MSG_TRUNC of a stream wants: the bytes are thrown away. Not here: they are copied. */
ssize_t inet_receive(struct file *f, struct msghdr *hdr, int flags)
{
	struct inet_sock *s = f->priv;
	struct socket_name from;
	struct iov_iter it;
	struct netstack_transfer t = { .it = &it, .peek = flags & MSG_PEEK };
	ssize_t ret;

	if (flags & MSG_OOB)
		return -EINVAL;
	ret = iov_init(&it, hdr->iov, (int)hdr->iovlen);
	if (!ret && !it.left && s->type == SOCK_STREAM)
		return 0;
	if (!ret)
		ret = receive_all(s, &t, flags, !nonblock(f, flags));
	if (ret < 0)
		return ret;
	hdr->flags = flags & MSG_CMSG_CLOEXEC;
	if (s->type == SOCK_STREAM || !t.peer.version) {
		hdr->namelen = 0;
		hdr->controllen = 0;
		return ret;
	}
	inet_address_name(s->family, &t.peer, &from);
	socket_name_store(&from, hdr->name, &hdr->namelen);
	inet_control_store(s, &t, hdr);
	if (t.full > (size_t)ret) {
		hdr->flags |= MSG_TRUNC;
		ret = flags & MSG_TRUNC ? (ssize_t)t.full : ret;
	}
	return ret;
}

ssize_t inet_read(struct file *f, struct iov_iter *it, off_t *pos __unused)
{
	struct netstack_transfer t = { .it = it };

	if (!it->left)
		return 0;
	return receive_all(f->priv, &t, 0, !nonblock(f, 0));
}

ssize_t inet_write(struct file *f, struct iov_iter *it, off_t *pos __unused)
{
	return send_from(f, it, NULL, 0);
}
