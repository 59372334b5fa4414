/* SPDX-License-Identifier: BSD-3-Clause */
/* The system calls that make, name and connect sockets, for all families. */
#include <core/string.h>
#include <posix/calls.h>
#include <posix/fd.h>
#include <posix/socket.h>

#include "internal.h"

#define TYPE_FLAGS (O_CLOEXEC | O_NONBLOCK) /* SOCK_CLOEXEC and SOCK_NONBLOCK have their values */

long (*socket_interface_hook)(unsigned cmd, union call_arg arg);

/* Changed by initialisers only. AF_UNIX, which has none, is in an image whose program makes sockets, and in no other. */
static struct socket_family *families = &unix_family;

void socket_register(struct socket_family *family)
{
	family->next = families;
	families = family;
}

static const struct socket_family *find_family(int number)
{
	const struct socket_family *f = families;

	while (f && f->number != number)
		f = f->next;
	return f;
}

void socket_name_store(const struct socket_name *name, void *sa, uint32_t *len)
{
	if (!sa || !len)
		return;
	memcpy(sa, name->bytes, MIN(name->len, *len));
	*len = name->len;
}

struct file *socket_of_fd(int fd, long *err)
{
	struct file *f = fd_get(fd);

	if (!f) {
		*err = -EBADF;
		return NULL;
	}
	if (!f->ops->socket) {
		*err = f->flags & O_PATH ? -EBADF : -ENOTSOCK;
		file_put(f);
		return NULL;
	}
	return f;
}

long sys_socket(int number, int type, int protocol)
{
	const struct socket_family *family = find_family(number);
	struct file *f;
	int ret;

	if (type & ~(SOCK_TYPE_MASK | TYPE_FLAGS))
		return -EINVAL;
	if (!family)
		return -EAFNOSUPPORT;
	ret = family->create(type & SOCK_TYPE_MASK, protocol, type & O_NONBLOCK, &f);
	return ret ? ret : fd_install(f, type & O_CLOEXEC);
}

long sys_socketpair(int number, int type, int protocol, int *fds)
{
	const struct socket_family *family = find_family(number);
	struct file *files[2];
	int ret;

	if (type & ~(SOCK_TYPE_MASK | TYPE_FLAGS))
		return -EINVAL;
	if (!family)
		return -EAFNOSUPPORT;
	if (!family->pair)
		return -EOPNOTSUPP;
	ret = family->pair(type & SOCK_TYPE_MASK, protocol, type & O_NONBLOCK, files);
	return ret ? ret : fd_install_pair(files[0], files[1], type & O_CLOEXEC, fds);
}

long sys_bind(int fd, const void *addr, unsigned len)
{
	long ret;
	struct file *f = socket_of_fd(fd, &ret);

	if (!f)
		return ret;
	ret = f->ops->socket->bind(f, addr, len);
	file_put(f);
	return ret;
}

long sys_listen(int fd, int backlog)
{
	long ret;
	struct file *f = socket_of_fd(fd, &ret);

	if (!f)
		return ret;
	ret = f->ops->socket->listen(f, backlog);
	file_put(f);
	return ret;
}

long sys_connect(int fd, const void *addr, unsigned len)
{
	long ret;
	struct file *f = socket_of_fd(fd, &ret);

	if (!f)
		return ret;
	ret = f->ops->socket->connect(f, addr, len);
	file_put(f);
	return ret;
}

long sys_accept4(int fd, void *addr, uint32_t *len, int flags)
{
	struct socket_name peer;
	struct file *f, *new;
	long ret;

	if (flags & ~TYPE_FLAGS)
		return -EINVAL;
	f = socket_of_fd(fd, &ret);
	if (!f)
		return ret;
	int place = fd_reserve(); /* before a connection is taken from the queue */

	ret = place < 0 ? place : f->ops->socket->accept(f, flags & O_NONBLOCK, &new, &peer);
	file_put(f);
	if (place < 0)
		return ret;
	if (ret) {
		fd_cancel(place);
		return ret;
	}
	socket_name_store(&peer, addr, len);
	fd_publish(place, new, flags & O_CLOEXEC);
	return place;
}

long sys_accept(int fd, void *addr, uint32_t *len)
{
	return sys_accept4(fd, addr, len, 0);
}

long sys_shutdown(int fd, int how)
{
	long ret;
	struct file *f = socket_of_fd(fd, &ret);

	if (!f)
		return ret;
	if (how < SHUT_RD || how > SHUT_RDWR)
		ret = -EINVAL;
	else
		ret = f->ops->socket->shutdown(f, how);
	file_put(f);
	return ret;
}

static long get_name(int fd, bool peer, void *addr, uint32_t *len)
{
	struct socket_name name;
	long ret;
	struct file *f = socket_of_fd(fd, &ret);

	if (!f)
		return ret;
	ret = f->ops->socket->name(f, peer, &name);
	if (!ret)
		socket_name_store(&name, addr, len);
	file_put(f);
	return ret;
}

long sys_getsockname(int fd, void *addr, uint32_t *len)
{
	return get_name(fd, false, addr, len);
}

long sys_getpeername(int fd, void *addr, uint32_t *len)
{
	return get_name(fd, true, addr, len);
}
