/* SPDX-License-Identifier: BSD-3-Clause */
/* The system calls that send and receive, for all families. */
#include <core/iov.h>
#include <core/string.h>
#include <posix/calls.h>
#include <posix/socket.h>

#include "internal.h"

long sys_sendmsg(int fd, const struct msghdr *hdr, int flags)
{
	long ret;
	struct file *f = socket_of_fd(fd, &ret);

	if (!f)
		return ret;
	ret = hdr->iovlen > IOV_MAX ? -EMSGSIZE : f->ops->socket->send(f, hdr, flags);
	file_put(f);
	return ret;
}

long sys_sendto(int fd, const void *buf, size_t len, int flags, const void *addr, unsigned addrlen)
{
	struct iovec vec = { (void *)buf, len };
	struct msghdr hdr = { .name = (void *)addr, .namelen = addrlen, .iov = &vec, .iovlen = 1 };

	return sys_sendmsg(fd, &hdr, flags);
}

long sys_sendmmsg(int fd, struct mmsghdr *m, unsigned n, int flags)
{
	unsigned count = MIN(n, (unsigned)IOV_MAX), i;

	for (i = 0; i < count; i++) {
		long ret = sys_sendmsg(fd, &m[i].hdr, flags);

		if (ret < 0)
			return i ? (long)i : ret;
		m[i].len = (unsigned)ret;
	}
	return i;
}

long sys_recvmsg(int fd, struct msghdr *hdr, int flags)
{
	long ret;
	struct file *f = socket_of_fd(fd, &ret);

	if (!f)
		return ret;
	ret = hdr->iovlen > IOV_MAX ? -EMSGSIZE : f->ops->socket->receive(f, hdr, flags);
	file_put(f);
	return ret;
}

long sys_recvfrom(int fd, void *buf, size_t len, int flags, void *addr, uint32_t *lenp)
{
	struct iovec vec = { buf, len };
	struct msghdr hdr = { .name = addr, .namelen = addr && lenp ? *lenp : 0, .iov = &vec, .iovlen = 1 };
	long ret = sys_recvmsg(fd, &hdr, flags);

	if (ret >= 0 && addr && lenp)
		*lenp = hdr.namelen;
	return ret;
}
