/* SPDX-License-Identifier: BSD-3-Clause */
/* getsockopt, setsockopt. */
#include <core/string.h>
#include <posix/calls.h>

#include "unix.h"

#define SNDBUF_MIN 4608u
#define SNDBUF_MAX (2 * SNDBUF_DEFAULT)

static long set_timeout(uint64_t *to, const struct timeval *tv, unsigned len)
{
	if (len < sizeof(*tv))
		return -EINVAL;
	if (tv->tv_usec < 0 || tv->tv_usec >= 1000000)
		return -EDOM;
	*to = time_of_timeval(tv);
	return 0;
}

static long set_option(struct sock *s, long name, const void *value, unsigned len)
{
	const unsigned *number = value;

	if (name == SO_RCVTIMEO)
		return set_timeout(&s->rcv_timeout, value, len);
	if (name == SO_SNDTIMEO)
		return set_timeout(&s->snd_timeout, value, len);
	if (len < sizeof(int))
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
	case SO_DEBUG:
	case SO_REUSEADDR:
	case SO_REUSEPORT:
	case SO_BROADCAST:
	case SO_RCVBUF:
	case SO_RCVBUFFORCE:
	case SO_KEEPALIVE:
	case SO_LINGER:
		return 0; /* no meaning here */
	default:
		return -ENOPROTOOPT;
	}
}

long sys_setsockopt(int fd, int level, int name, const void *value, unsigned len)
{
	struct file *f;
	struct sock *s;
	long ret;

	s = sock_of_fd(fd, &f, &ret);
	if (!s)
		return ret;
	if (level != SOL_SOCKET)
		ret = -EOPNOTSUPP;
	else if (!value)
		ret = -EFAULT;
	else
		ret = set_option(s, name, value, len);
	file_put(f);
	return ret;
}

static long get_error(struct sock *s)
{
	int error;

	mutex_lock(&unix_lock);
	error = -sock_take_error(s);
	mutex_unlock(&unix_lock);
	return error;
}

/* Options that are a number; -ENOPROTOOPT for others. */
static long get_number(struct sock *s, long name, int *out)
{
	switch (name) {
	case SO_TYPE:
		*out = s->type;
		return 0;
	case SO_ERROR:
		*out = (int)get_error(s);
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
	case SO_DEBUG:
	case SO_REUSEADDR:
	case SO_REUSEPORT:
	case SO_BROADCAST:
	case SO_KEEPALIVE:
	case SO_PROTOCOL:
		*out = 0;
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

static long get_peer_credentials(struct sock *s, struct ucred *out)
{
	*out = s->peer ? (struct ucred){ .pid = 1 } : (struct ucred){ .uid = ~0u, .gid = ~0u };
	return sizeof(*out);
}

static long get_timeout(uint64_t ns, struct timeval *out)
{
	*out = time_to_timeval(ns);
	return sizeof(*out);
}

long sys_getsockopt(int fd, int level, int name, void *value, uint32_t *len)
{
	union {
		int number;
		struct ucred cred;
		struct timeval time;
	} u = { 0 };
	uint32_t *lenp = len;
	long ret, size = sizeof(int);
	struct file *f;
	struct sock *s;

	s = sock_of_fd(fd, &f, &ret);
	if (!s)
		return ret;
	ret = 0;
	if (level != SOL_SOCKET)
		ret = -EOPNOTSUPP;
	else if (name == SO_PEERCRED)
		size = get_peer_credentials(s, &u.cred);
	else if (name == SO_RCVTIMEO || name == SO_SNDTIMEO)
		size = get_timeout(name == SO_RCVTIMEO ? s->rcv_timeout : s->snd_timeout, &u.time);
	else
		ret = get_number(s, name, &u.number);
	file_put(f);
	if (ret)
		return ret;
	*lenp = MIN((uint32_t)size, *lenp);
	memcpy(value, &u, *lenp);
	return 0;
}
