/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Families of sockets. A family makes files whose operations have a table of this kind; the system calls of sockets, here, find it there.
 * All operations run in thread context, may sleep, and return 0 or -Exxx unless they say something else. Addresses, buffers and headers are the
 * program's: an access may fault.
 */
#ifndef POSIX_SOCKET_H
#define POSIX_SOCKET_H

#include <abi/socket.h>
#include <core/file.h>

/* An address of any family, as programs have it. */
#define SOCKET_NAME_MAX 128
struct socket_name {
	unsigned len; /* bytes in use */
	char bytes[SOCKET_NAME_MAX] __aligned(8);
};

struct socket_ops {
	/* @addr has @len bytes; it may be NULL. */
	int (*bind)(struct file *f, const void *addr, unsigned len);
	int (*connect)(struct file *f, const void *addr, unsigned len);
	int (*listen)(struct file *f, int backlog);
	/* The next connection as a file with @flags (O_NONBLOCK), and the peer's name. Waits unless @f is O_NONBLOCK. */
	int (*accept)(struct file *f, int flags, struct file **out, struct socket_name *peer);
	int (*shutdown)(struct file *f, int how);
	/* The name of the socket or of its @peer. */
	int (*name)(struct file *f, bool peer, struct socket_name *out);
	/* Byte counts, as sendmsg(2) and recvmsg(2). */
	ssize_t (*send)(struct file *f, const struct msghdr *hdr, int flags);
	ssize_t (*receive)(struct file *f, struct msghdr *hdr, int flags);
	/* @value is not NULL, and has @len bytes. */
	int (*set_option)(struct file *f, int level, int name, const void *value, unsigned len);
	/* Store at most *@len bytes, and how many they are in *@len. */
	int (*get_option)(struct file *f, int level, int name, void *value, uint32_t *len);
};

struct socket_family {
	int number; /* AF_* */
	/* A socket of @type (SOCK_*, without flags) as a file with @flags (O_NONBLOCK). */
	int (*create)(int type, int protocol, int flags, struct file **out);
	/* Two that are connected. Absent: -EOPNOTSUPP. */
	int (*pair)(int type, int protocol, int flags, struct file *out[2]);
	struct socket_family *next; /* posix/socket's */
};

/* From an initialiser. @family stays. */
void socket_register(struct socket_family *family);

/*
 * Sockets of AF_NETLINK, which posix/inet has, or posix/mqueue in an image without that: is @f one, and put what comes from the kernel there, in
 * place of what waits to be read. Thread context.
 */
bool netlink_is(const struct file *f);
void netlink_deliver(struct file *f, const void *datagram, size_t len);

/* The interface requests of netdevice(7), which all sockets take: as ioctl(2), -ENOTTY for others. NULL: there are no interfaces. */
extern long (*socket_interface_hook)(unsigned cmd, union call_arg arg);

/* Store @name as accept() and getsockname() do: truncated to *@len, which becomes the full length. @sa or @len may be NULL: nothing is stored. */
void socket_name_store(const struct socket_name *name, void *sa, uint32_t *len);
/* The same for an option of @size bytes. Returns 0. */
int socket_option_store(const void *option, size_t size, void *value, uint32_t *len);
#define SOCKET_TIMEOUT_NOW 1 /* ns: a negative time, with which nothing waits */
/* The options SO_RCVTIMEO and SO_SNDTIMEO: @tv has @len bytes; *@ns is the time, 0: none. Returns 0, -EINVAL or -EDOM. */
int socket_timeout_read(const struct timeval *tv, unsigned len, uint64_t *ns);

#endif
