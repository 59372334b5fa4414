/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers and layouts of the socket calls, as programs see them. */
#ifndef POSIX_SOCKET_SOCKET_H
#define POSIX_SOCKET_SOCKET_H

#include <core/fcntl.h>

#define AF_UNSPEC 0
#define AF_UNIX 1

#define SOCK_STREAM 1
#define SOCK_DGRAM 2
#define SOCK_SEQPACKET 5
#define SOCK_TYPE_MASK 0xf

#define SHUT_RD 0
#define SHUT_WR 1
#define SHUT_RDWR 2

#define MSG_OOB 0x1
#define MSG_PEEK 0x2
#define MSG_CTRUNC 0x8
#define MSG_TRUNC 0x20
#define MSG_DONTWAIT 0x40
#define MSG_EOR 0x80
#define MSG_WAITALL 0x100
#define MSG_NOSIGNAL 0x4000
#define MSG_CMSG_CLOEXEC 0x40000000

#define SOL_SOCKET 1
#define SCM_RIGHTS 1
#define SCM_CREDENTIALS 2
#define SCM_MAX_FD 253

#define SUN_PATH_MAX 108

struct sockaddr_un {
	uint16_t family;
	char path[SUN_PATH_MAX];
};

struct msghdr {
	void *name;
	uint32_t namelen;
	uint32_t pad;
	struct iovec *iov;
	size_t iovlen;
	void *control;
	size_t controllen;
	int flags;
};

struct mmsghdr {
	struct msghdr hdr;
	unsigned len;
};

struct cmsghdr {
	size_t len;
	int level;
	int type;
};

struct ucred {
	int pid;
	uint32_t uid;
	uint32_t gid;
};

struct timeval {
	int64_t sec;
	int64_t usec;
};

#endif
