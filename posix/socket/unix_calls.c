/* SPDX-License-Identifier: BSD-3-Clause */
/* Unix-domain sockets as a family: what the system calls of sockets call. */
#include <core/string.h>

#include "internal.h"
#include "unix.h"

static int check_type(int type, int protocol)
{
	if (protocol && protocol != AF_UNIX)
		return -EPROTONOSUPPORT;
	return type == SOCK_STREAM || type == SOCK_DGRAM || type == SOCK_SEQPACKET ? 0 : -ESOCKTNOSUPPORT;
}

static int unix_create(int type, int protocol, int flags, struct file **out)
{
	int ret = check_type(type, protocol);
	struct sock *s;

	if (ret)
		return ret;
	s = sock_new(type);
	*out = s ? sock_file(s, (unsigned)flags) : NULL;
	return *out ? 0 : -ENOMEM;
}

static int unix_pair(int type, int protocol, int flags, struct file *out[2])
{
	struct sock *a, *b;
	int ret = check_type(type, protocol);

	if (ret)
		return ret;
	a = sock_new(type);
	b = sock_new(type);
	if (a && b)
		sock_pair(a, b);
	out[0] = a ? sock_file(a, (unsigned)flags) : NULL;
	out[1] = b ? sock_file(b, (unsigned)flags) : NULL;
	if (out[0] && out[1])
		return 0;
	if (out[0])
		file_put(out[0]);
	if (out[1])
		file_put(out[1]);
	return -ENOMEM;
}

static int unix_bind(struct file *f, const void *addr, unsigned len)
{
	struct address a;
	int ret = address_read(addr, len, &a);

	return ret ? ret : address_bind(f->priv, &a);
}

static int unix_connect(struct file *f, const void *addr, unsigned len)
{
	const uint16_t *family = addr;
	struct sock *s = f->priv;
	struct address a;
	int ret = 0;

	if (addr && len >= sizeof(uint16_t) && *family == AF_UNSPEC && s->type == SOCK_DGRAM)
		memset(&a, 0, sizeof(a));
	else
		ret = address_read(addr, len, &a);
	return ret ? ret : sock_connect(s, &a, f->flags & O_NONBLOCK);
}

static int unix_listen(struct file *f, int backlog)
{
	return sock_listen(f->priv, backlog);
}

static int unix_accept(struct file *f, int flags, struct file **out, struct socket_name *peer)
{
	struct address name = { 0 };
	struct sock *child;
	int ret = sock_accept(f->priv, f->flags & O_NONBLOCK, &child);

	if (ret)
		return ret;
	mutex_lock(&unix_lock);
	if (child->peer)
		name = child->peer->addr;
	mutex_unlock(&unix_lock);
	address_name(&name, peer);
	*out = sock_file(child, (unsigned)flags);
	return *out ? 0 : -ENOMEM;
}

static int unix_shutdown(struct file *f, int how)
{
	return sock_shutdown(f->priv, how);
}

static int unix_name(struct file *f, bool peer, struct socket_name *out)
{
	struct sock *s = f->priv;
	struct address name;
	int ret = 0;

	mutex_lock(&unix_lock);
	if (!peer)
		name = s->addr;
	else if (s->peer)
		name = s->peer->addr;
	else
		ret = -ENOTCONN;
	mutex_unlock(&unix_lock);
	if (!ret)
		address_name(&name, out);
	return ret;
}

static bool nonblock(const struct file *f, int flags)
{
	return (f->flags & O_NONBLOCK) || (flags & MSG_DONTWAIT);
}

static ssize_t unix_send(struct file *f, const struct msghdr *hdr, int flags)
{
	struct transfer t = { .flags = flags, .nonblock = nonblock(f, flags) };
	const struct sock *s = f->priv;
	struct address to;
	ssize_t ret = iov_init(&t.it, hdr->iov, (int)hdr->iovlen);

	if (!ret && hdr->name && hdr->namelen && s->type != SOCK_SEQPACKET) { /* which has no use for it */
		ret = s->type == SOCK_DGRAM ? address_read(hdr->name, hdr->namelen, &to) : 0;
		t.to = &to;
	}
	if (!ret)
		ret = control_parse(hdr, &t);
	if (!ret)
		ret = sock_send(f->priv, &t);
	transfer_drop_files(&t);
	return ret;
}

static void store_sender(const struct transfer *t, struct msghdr *hdr)
{
	struct socket_name from;

	if (t->has_from && t->from.len) {
		address_name(&t->from, &from);
		socket_name_store(&from, hdr->name, &hdr->namelen);
	} else {
		hdr->namelen = 0;
	}
}

static ssize_t unix_receive(struct file *f, struct msghdr *hdr, int flags)
{
	struct transfer t = { .flags = flags, .nonblock = nonblock(f, flags) };
	ssize_t ret = iov_init(&t.it, hdr->iov, (int)hdr->iovlen);

	if (!ret)
		ret = sock_receive(f->priv, &t);
	if (ret < 0) {
		transfer_drop_files(&t);
		return ret;
	}
	hdr->flags = t.out_flags | (flags & MSG_CMSG_CLOEXEC);
	store_sender(&t, hdr);
	control_store(hdr, f->priv, &t);
	return ret;
}

const struct socket_ops unix_socket_ops = {
	.bind = unix_bind,
	.connect = unix_connect,
	.listen = unix_listen,
	.accept = unix_accept,
	.shutdown = unix_shutdown,
	.name = unix_name,
	.send = unix_send,
	.receive = unix_receive,
	.set_option = unix_set_option,
	.get_option = unix_get_option,
};

struct socket_family unix_family = { .number = AF_UNIX, .create = unix_create, .pair = unix_pair };
