/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The door between the kernel and a network stack, which is a library (libs/lwip).
 *
 * The kernel's side has what sleeps: the lock, the thread that moves frames between a network device and the stack, files, waits and
 * timeouts (posix/inet). The stack's side never sleeps. All calls of struct netstack_ops are made with the stack's lock held, in thread
 * context, and so are the stack's calls of the functions at the end of this file, unless they say something else. Results are 0 or -Exxx.
 */
#ifndef CORE_NETSTACK_H
#define CORE_NETSTACK_H

#include <core/base.h>
#include <core/sched.h>

struct iov_iter;

/* An address of the Internet protocols with a port (of raw sockets: nothing). Bytes are in network order, numbers in the host's. */
struct netstack_address {
	uint8_t version; /* 4, 6, or 0: none */
	uint16_t port;
	uint32_t scope; /* of IPv6: number of the interface, or 0 */
	uint8_t bytes[16]; /* the first four of IPv4 */
};

/* What the kernel argument "ip=" asks for: Linux's syntax, client:server:gateway:mask:host:device:autoconf:dns0:dns1. */
enum netstack_how { NETSTACK_OFF, NETSTACK_STATIC, NETSTACK_DHCP };

#define NETSTACK_DNS 2
struct netstack_settings {
	enum netstack_how how;
	int device; /* of core/net; -1: the first that is free */
	uint8_t address[4], gateway[4], mask[4];
	uint8_t dns[NETSTACK_DNS][4];
	char host[64]; /* "": none */
};

/*
 * Parse @text, the argument's value up to the next blank or the end, or NULL if there is none, which means NETSTACK_OFF. Returns 0, or -EINVAL
 * with NETSTACK_OFF in @out if the text is nothing of the kind. Any context.
 */
int netstack_parse(const char *text, struct netstack_settings *out);

/* An interface as programs see it. */
#define NETSTACK_V6 3
struct netstack_interface {
	unsigned index; /* from 1 */
	char name[16];
	bool up, running, loopback;
	unsigned mtu;
	uint8_t mac[6];
	uint8_t address[4], mask[4]; /* all zero: none */
	uint8_t address6[NETSTACK_V6][16]; /* of them the first @count6 are valid */
	unsigned count6;
};

/* The kernel's half of a socket. */
struct netstack_user {
	struct waitq wait; /* netstack_wake() */
};

/* One datagram or piece of a stream that goes in or out. */
struct netstack_transfer {
	struct iov_iter *it; /* the program's memory: netstack_put(), netstack_get() */
	size_t len; /* of what is to be sent */
	bool peek; /* leave it in the queue */
	bool more; /* send: more follows at once, so that part of a segment may wait for it */
	struct netstack_address peer; /* where to, version 0: the connected one; or who sent it */
	struct netstack_address local; /* receive: which address of ours it came to */
	unsigned interface; /* receive: on which it came */
	unsigned ttl; /* receive */
	size_t full; /* receive: length of the datagram, of which all that did not fit is lost */
};

/* Options of sockets that are a number, as the stack sees them: posix/inet has the programs' numbers. */
enum netstack_option {
	NETSTACK_REUSE, /* SO_REUSEADDR */
	NETSTACK_BROADCAST,
	NETSTACK_KEEPALIVE,
	NETSTACK_RECEIVE_BUFFER, /* bytes of datagrams */
	NETSTACK_SEND_BUFFER, /* cannot be set */
	NETSTACK_DISCARD, /* close() resets the connection: SO_LINGER with no time */
	NETSTACK_TTL,
	NETSTACK_TOS,
	NETSTACK_HEADER, /* raw: the program writes the IP header */
	NETSTACK_V6_ONLY,
	NETSTACK_NO_DELAY,
	NETSTACK_CORK,
	NETSTACK_KEEP_IDLE, /* s */
	NETSTACK_KEEP_INTERVAL, /* s */
	NETSTACK_KEEP_COUNT,
	NETSTACK_SEGMENT, /* largest segment of the connection; cannot be set */
	NETSTACK_STATE, /* TCP's, as Linux numbers them; cannot be set */
	NETSTACK_DEVICE, /* only this interface: its number; 0: all */
};

struct netstack_sock; /* the stack's half of a socket */

struct netstack_ops {
	/* Once, from netstack_start(): the loopback interface, and with @mac the network device, of which @mtu is the longest packet. */
	int (*start)(const struct netstack_settings *settings, const uint8_t *mac, unsigned mtu);
	void (*input)(const void *frame, size_t len); /* a frame came, as in <core/net.h> */
	void (*run)(void); /* do what is due: timers, packets to ourselves */
	uint64_t (*due)(void); /* ns from now to the next run(); UINT64_MAX: none */
	bool (*configured)(void); /* is the address there that the settings ask for? */
	unsigned (*dns)(uint8_t (*out)[4], unsigned max); /* addresses of name servers: how many were stored */
	bool (*interface)(unsigned n, struct netstack_interface *out); /* the n-th from 0; false: there is none */

	/* @type: SOCK_STREAM, SOCK_DGRAM or SOCK_RAW, @protocol: of IP. @version 6 takes IPv4's addresses too, unless told otherwise. */
	int (*create)(int version, int type, int protocol, struct netstack_user *user, struct netstack_sock **out);
	void (*close)(struct netstack_sock *s); /* @user is used no more; what is queued for sending still goes out */
	int (*bind)(struct netstack_sock *s, const struct netstack_address *a);
	/* Version 0 dissolves the connection of a datagram socket. A stream: -EINPROGRESS, then a wake. */
	int (*connect)(struct netstack_sock *s, const struct netstack_address *a);
	int (*listen)(struct netstack_sock *s, int backlog);
	int (*accept)(struct netstack_sock *s, struct netstack_user *user,
	              struct netstack_sock **out); /* -EAGAIN: a wake follows */
	int (*shutdown)(struct netstack_sock *s, bool read, bool write);
	int (*name)(struct netstack_sock *s, bool peer, struct netstack_address *out); /* -ENOTCONN */
	/* Bytes moved, at least one unless the datagram has none or the stream is at its end; -EAGAIN: a wake follows. */
	ssize_t (*send)(struct netstack_sock *s, struct netstack_transfer *t);
	ssize_t (*receive)(struct netstack_sock *s, struct netstack_transfer *t);
	unsigned (*events)(struct netstack_sock *s); /* POLLIN ... as poll(2) on Linux has them now */
	int (*take_error)(struct netstack_sock *s); /* 0 or -Exxx, and forget it */
	size_t (*queued)(struct netstack_sock *s, bool out); /* bytes to be read; or sent and not acknowledged */
	int (*set)(struct netstack_sock *s, enum netstack_option option, int value); /* -ENOPROTOOPT */
	int (*get)(struct netstack_sock *s, enum netstack_option option, int *value);
};

/* --- for the kernel -------------------------------------------------------------------------------------------------------- */

/* The stack, or NULL: there is none, or it did not start. */
extern const struct netstack_ops *netstack;

/*
 * Held around all calls of netstack's. A mutex; inside of it memory of programs may be touched, and wake-ups be made. Unlocking delivers
 * packets to ourselves, and sees to the timers. Thread context.
 */
void netstack_lock(void);
void netstack_unlock(void);

/* Start the stack as the kernel's arguments say, with its thread and device. -ENODEV without a stack. Once, from an initialiser. */
int netstack_start(void);
/* What it was started with. Any context. */
const struct netstack_settings *netstack_settings(void);
/* Woken when configured() may have become true. */
extern struct waitq netstack_changed;

/* --- for the stack --------------------------------------------------------------------------------------------------------- */

/* From an initialiser before INIT_FILES; without the lock. @ops stays. Returns 0, or -EBUSY if there is one. */
int netstack_register(const struct netstack_ops *ops);
/* Kernel memory as kmalloc() and kfree() give it. */
void *netstack_alloc(size_t size);
void netstack_free(void *p);
/* Milliseconds since the boot, modulo 2^32. */
uint32_t netstack_now(void);
uint32_t netstack_random(void);
/*
 * Send a frame of @len bytes at @frame, which is copied. What the device has no room for waits, up to a limit. Returns 0, -ENOBUFS,
 * -EMSGSIZE, or -ENETDOWN.
 */
int netstack_transmit(const void *frame, size_t len);
/* @events of @user's socket may have come. */
void netstack_wake(struct netstack_user *user, unsigned events);
/* The address of an interface came or went. */
void netstack_address_changed(void);
/* The program's memory from here on; *@len is its length, 0 at the end. */
const void *netstack_peek(struct netstack_transfer *t, size_t *len);
/* Move on by @n bytes, which are there. */
void netstack_advance(struct netstack_transfer *t, size_t n);
/* Copy min(@n, what is left) bytes between @buf and the program's memory, and move on. Return the count. */
size_t netstack_put(struct netstack_transfer *t, const void *buf, size_t n);
size_t netstack_get(struct netstack_transfer *t, void *buf, size_t n);
/* One line in the log at the level of information. */
void netstack_log(const char *line);
/* A bug in the stack: end the image as crashed. */
void netstack_fatal(const char *what, const char *file, int line) __noreturn;

#endif
