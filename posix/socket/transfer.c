/* SPDX-License-Identifier: BSD-3-Clause */
/* The system calls that send and receive. */
#include <core/string.h>
#include <posix/calls.h>

#include "unix.h"

static bool nonblock(const struct file *f, int flags)
{
	return (f->flags & O_NONBLOCK) || (flags & MSG_DONTWAIT);
}

static long send_on(struct file *f, const struct msghdr *hdr, int flags)
{
	struct transfer t = { .flags = flags, .nonblock = nonblock(f, flags) };
	struct address to;
	long ret;

	if (hdr->iovlen > IOV_MAX)
		return -EMSGSIZE;
	ret = iov_init(&t.it, hdr->iov, (int)hdr->iovlen);
	if (!ret && hdr->name && hdr->namelen) {
		ret = address_read(hdr->name, hdr->namelen, &to);
		t.to = &to;
	}
	if (!ret)
		ret = control_parse(hdr, &t);
	if (!ret)
		ret = sock_send(f->priv, &t);
	transfer_drop_files(&t);
	return ret;
}

long sys_sendmsg(int fd, const struct msghdr *hdr, int flags)
{
	struct file *f;
	long ret;

	if (!sock_of_fd(fd, &f, &ret))
		return ret;
	ret = send_on(f, hdr, flags);
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

static long receive_on(struct file *f, struct msghdr *hdr, int flags)
{
	struct transfer t = { .flags = flags, .nonblock = nonblock(f, flags) };
	long ret;

	if (hdr->iovlen > IOV_MAX)
		return -EMSGSIZE;
	ret = iov_init(&t.it, hdr->iov, (int)hdr->iovlen);
	if (!ret)
		ret = sock_receive(f->priv, &t);
	if (ret < 0) {
		transfer_drop_files(&t);
		return ret;
	}
	hdr->flags = t.out_flags | (flags & MSG_CMSG_CLOEXEC);
	if (t.has_from && t.from.len)
		address_write(&t.from, hdr->name, &hdr->namelen);
	else
		hdr->namelen = 0;
	control_store(hdr, f->priv, &t);
	return ret;
}

long sys_recvmsg(int fd, struct msghdr *hdr, int flags)
{
	struct file *f;
	long ret;

	if (!sock_of_fd(fd, &f, &ret))
		return ret;
	ret = receive_on(f, hdr, flags);
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
