/* SPDX-License-Identifier: BSD-3-Clause */
/* socket(7), unix(7): numbers and layouts. */
#ifndef ABI_SOCKET_H
#define ABI_SOCKET_H

#include <stdint.h>

#include <abi/iovec.h>
#include <abi/time.h>

#define AF_UNSPEC 0
#define AF_UNIX 1
#define AF_NETLINK 16

#define SOCK_STREAM 1
#define SOCK_DGRAM 2
#define SOCK_RAW 3
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
#define SO_DEBUG 1
#define SO_REUSEADDR 2
#define SO_TYPE 3
#define SO_ERROR 4
#define SO_DONTROUTE 5
#define SO_BROADCAST 6
#define SO_SNDBUF 7
#define SO_RCVBUF 8
#define SO_KEEPALIVE 9
#define SO_OOBINLINE 10
#define SO_PRIORITY 12
#define SO_LINGER 13
#define SO_REUSEPORT 15
#define SO_PASSCRED 16
#define SO_PEERCRED 17
#define SO_RCVLOWAT 18
#define SO_SNDLOWAT 19
#define SO_RCVTIMEO 20
#define SO_SNDTIMEO 21
#define SO_ACCEPTCONN 30
#define SO_SNDBUFFORCE 32
#define SO_RCVBUFFORCE 33
#define SO_PROTOCOL 38
#define SO_DOMAIN 39

struct linger {
	int onoff;
	int linger;
};

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

#endif
