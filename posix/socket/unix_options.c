/* SPDX-License-Identifier: BSD-3-Clause */
/* Options of Unix-domain sockets. */
#include <core/string.h>

#include "unix.h"

#define SNDBUF_MIN 4608u
#define SNDBUF_MAX (2 * SNDBUF_DEFAULT)

static int set_option(struct sock *s, int name, const void *value, unsigned len)
{
	const unsigned *number = value;

	if (name == SO_RCVTIMEO)
		return socket_timeout_read(value, len, &s->rcv_timeout);
	if (name == SO_SNDTIMEO)
		return socket_timeout_read(value, len, &s->snd_timeout);
	if (len < (name == SO_LINGER ? sizeof(struct linger) : sizeof(int)))
		return -EINVAL;
	switch (name) {
	case SO_SNDBUF:
	case SO_SNDBUFFORCE:
		/* Doubled, as Linux does for its bookkeeping, which programs expect to read back. */
		s->sndbuf = MAX(MIN(2ul * *number, (size_t)SNDBUF_MAX), (size_t)SNDBUF_MIN);
		return 0;
	case SO_PASSCRED:
		s->pass_credentials = *number;
		return 0;
	case SO_LINGER:
		memcpy(&s->linger, value, sizeof(s->linger));
		return 0;
	case SO_DEBUG:
	case SO_REUSEADDR:
	case SO_REUSEPORT:
	case SO_DONTROUTE:
	case SO_BROADCAST:
	case SO_RCVBUF:
	case SO_RCVBUFFORCE:
	case SO_KEEPALIVE:
	case SO_OOBINLINE:
	case SO_PRIORITY:
		return 0; /* no meaning here */
	default:
		return -ENOPROTOOPT;
	}
}

int unix_set_option(struct file *f, int level, int name, const void *value, unsigned len)
{
	if (level != SOL_SOCKET)
		return -EOPNOTSUPP;
	return set_option(f->priv, name, value, len);
}

static int get_error(struct sock *s)
{
	int error;

	mutex_lock(&unix_lock);
	error = -sock_take_error(s);
	mutex_unlock(&unix_lock);
	return error;
}

/* Options that are a number; -ENOPROTOOPT for others. */
static int get_number(struct sock *s, int name, int *out)
{
	switch (name) {
	case SO_TYPE:
		*out = s->type;
		return 0;
	case SO_ERROR:
		*out = get_error(s);
		return 0;
	case SO_SNDBUF:
		*out = (int)s->sndbuf;
		return 0;
	case SO_RCVBUF:
		*out = (int)SNDBUF_DEFAULT;
		return 0;
	case SO_PASSCRED:
		*out = s->pass_credentials;
		return 0;
	case SO_ACCEPTCONN:
		*out = s->state == SOCK_LISTENING;
		return 0;
	case SO_DOMAIN:
		*out = AF_UNIX;
		return 0;
	case SO_RCVLOWAT:
	case SO_SNDLOWAT:
		*out = 1;
		return 0;
	case SO_DEBUG:
	case SO_REUSEADDR:
	case SO_REUSEPORT:
	case SO_DONTROUTE:
	case SO_BROADCAST:
	case SO_KEEPALIVE:
	case SO_OOBINLINE:
	case SO_PRIORITY:
	case SO_PROTOCOL:
		*out = 0;
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

static size_t get_peer_credentials(struct sock *s, struct ucred *out)
{
	*out = s->peer ? (struct ucred){ .pid = 1 } : (struct ucred){ .uid = ~0u, .gid = ~0u };
	return sizeof(*out);
}

static size_t get_linger(const struct sock *s, struct linger *out)
{
	*out = s->linger;
	return sizeof(*out);
}

static size_t get_timeout(uint64_t ns, struct timeval *out)
{
	*out = time_to_timeval(ns);
	return sizeof(*out);
}

int unix_get_option(struct file *f, int level, int name, void *value, uint32_t *len)
{
	union {
		int number;
		struct ucred cred;
		struct timeval time;
		struct linger linger;
	} u = { 0 };
	struct sock *s = f->priv;
	size_t size = sizeof(int);
	int ret = 0;

	if (level != SOL_SOCKET)
		return -EOPNOTSUPP;
	if (name == SO_PEERCRED)
		size = get_peer_credentials(s, &u.cred);
	else if (name == SO_RCVTIMEO || name == SO_SNDTIMEO)
		size = get_timeout(name == SO_RCVTIMEO ? s->rcv_timeout : s->snd_timeout, &u.time);
	else if (name == SO_LINGER)
		size = get_linger(s, &u.linger);
	else
		ret = get_number(s, name, &u.number);
	return ret ? ret : socket_option_store(&u, size, value, len);
}
