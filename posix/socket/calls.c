/* SPDX-License-Identifier: BSD-3-Clause */
/* The system calls that make, name and connect sockets. */
#include <core/string.h>
#include <posix/calls.h>

#include "unix.h"

#define TYPE_FLAGS (O_CLOEXEC | O_NONBLOCK) /* SOCK_CLOEXEC and SOCK_NONBLOCK have their values */

static long check_type(int family, int type, int protocol)
{
	int kind = type & SOCK_TYPE_MASK;

	if (type & ~(SOCK_TYPE_MASK | TYPE_FLAGS))
		return -EINVAL;
	if (family != AF_UNIX)
		return -EAFNOSUPPORT;
	if (protocol && protocol != AF_UNIX)
		return -EPROTONOSUPPORT;
	return kind == SOCK_STREAM || kind == SOCK_DGRAM || kind == SOCK_SEQPACKET ? 0 : -EPROTOTYPE;
}

long sys_socket(int family, int type, int protocol)
{
	struct sock *s;
	struct file *f;
	long ret = check_type(family, type, protocol);

	if (ret)
		return ret;
	s = sock_new(type & SOCK_TYPE_MASK);
	if (!s)
		return -ENOMEM;
	f = sock_file(s, type);
	return f ? fd_install(f, type & O_CLOEXEC) : -ENOMEM;
}

long sys_socketpair(int family, int type, int protocol, int *fds)
{
	struct file *fa, *fb;
	struct sock *a, *b;
	long ret = check_type(family, type, protocol);

	if (ret)
		return ret;
	a = sock_new(type & SOCK_TYPE_MASK);
	b = sock_new(type & SOCK_TYPE_MASK);
	if (a && b)
		sock_pair(a, b);
	fa = a ? sock_file(a, type) : NULL;
	fb = b ? sock_file(b, type) : NULL;
	if (fa && fb)
		return fd_install_pair(fa, fb, type & O_CLOEXEC, fds);
	if (fa)
		file_put(fa);
	if (fb)
		file_put(fb);
	return -ENOMEM;
}

long sys_bind(int fd, const void *addr, unsigned len)
{
	struct address a;
	struct file *f;
	struct sock *s;
	long ret;

	s = sock_of_fd(fd, &f, &ret);
	if (!s)
		return ret;
	ret = address_read(addr, len, &a);
	if (!ret)
		ret = address_bind(s, &a);
	file_put(f);
	return ret;
}

long sys_listen(int fd, int backlog)
{
	struct file *f;
	struct sock *s;
	long ret;

	s = sock_of_fd(fd, &f, &ret);
	if (!s)
		return ret;
	ret = sock_listen(s, backlog);
	file_put(f);
	return ret;
}

long sys_connect(int fd, const void *addr, unsigned len)
{
	const uint16_t *family = addr;
	struct address a;
	struct file *f;
	struct sock *s;
	long ret;

	s = sock_of_fd(fd, &f, &ret);
	if (!s)
		return ret;
	if (addr && len >= sizeof(uint16_t) && *family == AF_UNSPEC && s->type == SOCK_DGRAM) {
		memset(&a, 0, sizeof(a));
		ret = 0;
	} else {
		ret = address_read(addr, len, &a);
	}
	if (!ret)
		ret = sock_connect(s, &a, f->flags & O_NONBLOCK);
	file_put(f);
	return ret;
}

/* The file of an accepted connection, and the name of its peer. */
static struct file *accepted(struct sock *child, int flags, struct address *name)
{
	mutex_lock(&unix_lock);
	if (child->peer)
		*name = child->peer->addr;
	mutex_unlock(&unix_lock);
	return sock_file(child, flags);
}

long sys_accept4(int fd, void *addr, uint32_t *len, int flags)
{
	struct sock *s, *child;
	struct file *f, *new;
	struct address name = { 0 };
	long ret;

	if (flags & ~TYPE_FLAGS)
		return -EINVAL;
	s = sock_of_fd(fd, &f, &ret);
	if (!s)
		return ret;
	int place = fd_reserve(); /* before a connection is taken from the queue */

	ret = place < 0 ? place : sock_accept(s, f->flags & O_NONBLOCK, &child);
	file_put(f);
	if (place < 0)
		return ret;
	new = ret ? NULL : accepted(child, flags, &name);
	if (!new) {
		fd_cancel(place);
		return ret ? ret : -ENOMEM;
	}
	address_write(&name, addr, len);
	fd_publish(place, new, flags & O_CLOEXEC);
	return place;
}

long sys_accept(int fd, void *addr, uint32_t *len)
{
	return sys_accept4(fd, addr, len, 0);
}

long sys_shutdown(int fd, int how)
{
	struct file *f;
	struct sock *s;
	long ret;

	s = sock_of_fd(fd, &f, &ret);
	if (!s)
		return ret;
	ret = sock_shutdown(s, how);
	file_put(f);
	return ret;
}

long sys_getsockname(int fd, void *addr, uint32_t *len)
{
	struct file *f;
	struct sock *s;
	long ret;

	s = sock_of_fd(fd, &f, &ret);
	if (!s)
		return ret;
	address_write(&s->addr, addr, len);
	file_put(f);
	return 0;
}

long sys_getpeername(int fd, void *addr, uint32_t *len)
{
	struct address name;
	struct file *f;
	struct sock *s;
	long ret;

	s = sock_of_fd(fd, &f, &ret);
	if (!s)
		return ret;
	mutex_lock(&unix_lock);
	ret = s->peer ? 0 : -ENOTCONN;
	if (s->peer)
		name = s->peer->addr;
	mutex_unlock(&unix_lock);
	if (!ret)
		address_write(&name, addr, len);
	file_put(f);
	return ret;
}
