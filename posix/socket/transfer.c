/* SPDX-License-Identifier: BSD-3-Clause */
/* The system calls that send and receive. */
#include <core/string.h>
#include <uk/syscall.h>

#include "unix.h"

static bool nonblock(const struct file *f, long flags)
{
	return (f->flags & O_NONBLOCK) || (flags & MSG_DONTWAIT);
}

static long send_on(struct file *f, const struct msghdr *hdr, long flags)
{
	struct transfer t = { .flags = (int)flags, .nonblock = nonblock(f, flags) };
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

static long send_message(long fd, const struct msghdr *hdr, long flags)
{
	struct file *f;
	long ret;

	if (!sock_of_fd(fd, &f, &ret))
		return ret;
	ret = send_on(f, hdr, flags);
	file_put(f);
	return ret;
}

long uk_syscall_sendmsg(long fd, long msg, long flags)
{
	return SYSCALL_RESTART(send_message(fd, (const struct msghdr *)msg, flags));
}

long uk_syscall_sendto(long fd, long buf, long len, long flags, long addr, long addrlen)
{
	struct iovec vec = { (void *)buf, (size_t)len };
	struct msghdr hdr = { .name = (void *)addr, .namelen = (uint32_t)addrlen, .iov = &vec, .iovlen = 1 };

	return uk_syscall_sendmsg(fd, (long)&hdr, flags);
}

long uk_syscall_sendmmsg(long fd, long msgs, long n, long flags)
{
	struct mmsghdr *m = (struct mmsghdr *)msgs;
	unsigned count = MIN((unsigned)n, (unsigned)IOV_MAX), i;

	for (i = 0; i < count; i++) {
		long ret = uk_syscall_sendmsg(fd, (long)&m[i].hdr, flags);

		if (ret < 0)
			return i ? (long)i : ret;
		m[i].len = (unsigned)ret;
	}
	return i;
}

static long receive_on(struct file *f, struct msghdr *hdr, long flags)
{
	struct transfer t = { .flags = (int)flags, .nonblock = nonblock(f, flags) };
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

static long receive_message(long fd, struct msghdr *hdr, long flags)
{
	struct file *f;
	long ret;

	if (!sock_of_fd(fd, &f, &ret))
		return ret;
	ret = receive_on(f, hdr, flags);
	file_put(f);
	return ret;
}

long uk_syscall_recvmsg(long fd, long msg, long flags)
{
	return SYSCALL_RESTART(receive_message(fd, (struct msghdr *)msg, flags));
}

long uk_syscall_recvfrom(long fd, long buf, long len, long flags, long addr, long addrlen)
{
	struct iovec vec = { (void *)buf, (size_t)len };
	uint32_t *lenp = (uint32_t *)addrlen;
	struct msghdr hdr = { .name = (void *)addr, .namelen = addr && lenp ? *lenp : 0, .iov = &vec, .iovlen = 1 };
	long ret = uk_syscall_recvmsg(fd, (long)&hdr, flags);

	if (ret >= 0 && addr && lenp)
		*lenp = hdr.namelen;
	return ret;
}
