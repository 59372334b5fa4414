/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * AF_NETLINK sockets that answer questions about interfaces and their addresses (RTM_GETLINK, RTM_GETADDR), which is what getifaddrs() and
 * if_nameindex() of C libraries ask. Each request makes one answer, which waits to be read.
 */
#include <core/alloc.h>
#include <core/init.h>
#include <core/string.h>

#include "inet.h"
#include "netlink.h"

#define ANSWER_MAX 4096u
#define PORT 1 /* the process' number */

struct sockaddr_nl {
	uint16_t family, pad;
	uint32_t port, groups;
};

struct nl_sock {
	struct mutex answer_lock;
	struct waitq wait;
	int type;
	size_t len; /* of the answer; 0: none */
	char answer[ANSWER_MAX];
};

static void nl_name(uint32_t port, struct socket_name *out)
{
	struct sockaddr_nl a = { .family = AF_NETLINK, .port = port };

	out->len = sizeof(a);
	memcpy(out->bytes, &a, sizeof(a));
}

static int nl_bind(struct file *f __unused, const void *addr, unsigned len)
{
	struct sockaddr_nl a;

	if (!addr || len < sizeof(a))
		return -EINVAL;
	memcpy(&a, addr, sizeof(a));
	return a.family != AF_NETLINK ? -EINVAL : a.groups ? -EOPNOTSUPP : 0; /* nothing is announced */
}

static int nl_connect(struct file *f, const void *addr, unsigned len)
{
	return nl_bind(f, addr, len);
}

static int nl_none(struct file *f __unused, int number __unused)
{
	return -EOPNOTSUPP;
}

static int nl_accept(struct file *f __unused, int flags __unused, struct file **out __unused, struct socket_name *peer __unused)
{
	return -EOPNOTSUPP;
}

static int nl_get_name(struct file *f __unused, bool peer, struct socket_name *out)
{
	nl_name(peer ? 0 : PORT, out);
	return 0;
}

static bool get(unsigned n, struct netstack_interface *out)
{
	netstack_lock();
	bool there = netstack && netstack->interface(n, out);

	netstack_unlock();
	return there;
}

static void make_answer(struct nl_answer *a, const struct nl_header *request, unsigned family)
{
	struct netstack_interface in;
	bool links = request->type == RTM_GETLINK;

	if ((!links && request->type != RTM_GETADDR) || (request->flags & NLM_F_DUMP) != NLM_F_DUMP) {
		nl_add_error(a, -EOPNOTSUPP, request);
		return;
	}
	for (unsigned n = 0; get(n, &in); n++) {
		if (links)
			nl_add_link(a, &in);
		else
			nl_add_addresses(a, &in, family);
	}
	nl_add_done(a);
}

static int answer(struct nl_sock *s, const struct nl_header *request, unsigned family)
{
	struct nl_answer a = { .buf = s->answer, .size = sizeof(s->answer), .sequence = request->sequence, .port = PORT };

	mutex_lock(&s->answer_lock);
	bool busy = s->len;

	if (!busy) {
		make_answer(&a, request, family);
		s->len = a.full ? 0 : a.len;
	}
	mutex_unlock(&s->answer_lock);
	waitq_wake(&s->wait, POLLIN | POLLRDNORM);
	return busy ? -EBUSY : a.full ? -ENOBUFS : 0;
}

static ssize_t request_from(struct nl_sock *s, struct iov_iter *it)
{
	struct nl_header h;
	uint8_t family = 0;
	size_t size = it->left;
	int ret;

	if (iov_get(it, &h, sizeof(h)) < sizeof(h) || h.len < sizeof(h) || h.len > size)
		return -EINVAL;
	(void)iov_get(it, &family, 1);
	ret = h.flags & NLM_F_REQUEST ? answer(s, &h, family) : 0;
	return ret ? ret : (ssize_t)size;
}

static ssize_t nl_send(struct file *f, const struct msghdr *hdr, int flags __unused)
{
	struct iov_iter it;
	int ret = iov_init(&it, hdr->iov, (int)hdr->iovlen);

	return ret ? ret : request_from(f->priv, &it);
}

/* The answer into @it, whatever fits; it is gone then, unless @peek. -EAGAIN: none. *@full is its length. */
static ssize_t take(struct nl_sock *s, struct iov_iter *it, bool peek, size_t *full)
{
	ssize_t ret = -EAGAIN;

	mutex_lock(&s->answer_lock);
	*full = s->len;
	if (s->len) {
		ret = (ssize_t)iov_put(it, s->answer, s->len);
		if (!peek)
			s->len = 0;
	}
	mutex_unlock(&s->answer_lock);
	return ret;
}

static ssize_t take_waiting(struct nl_sock *s, struct iov_iter *it, int flags, bool wait, size_t *full)
{
	for (;;) {
		ssize_t ret = take(s, it, flags & MSG_PEEK, full);

		if (ret != -EAGAIN || !wait)
			return ret;
		ret = wait_event_interruptible(&s->wait, READ_ONCE(s->len));
		if (ret)
			return ret;
	}
}

static ssize_t nl_receive(struct file *f, struct msghdr *hdr, int flags)
{
	bool wait = !((f->flags & O_NONBLOCK) || (flags & MSG_DONTWAIT));
	struct socket_name kernel;
	struct iov_iter it;
	size_t full;
	ssize_t ret = iov_init(&it, hdr->iov, (int)hdr->iovlen);

	if (!ret)
		ret = take_waiting(f->priv, &it, flags, wait, &full);
	if (ret < 0)
		return ret;
	nl_name(0, &kernel);
	socket_name_store(&kernel, hdr->name, &hdr->namelen);
	hdr->controllen = 0;
	hdr->flags = full > (size_t)ret ? MSG_TRUNC : 0;
	return flags & MSG_TRUNC ? (ssize_t)full : ret;
}

static ssize_t nl_read(struct file *f, struct iov_iter *it, off_t *pos __unused)
{
	size_t full;

	return take_waiting(f->priv, it, 0, !(f->flags & O_NONBLOCK), &full);
}

static ssize_t nl_write(struct file *f, struct iov_iter *it, off_t *pos __unused)
{
	return request_from(f->priv, it);
}

static unsigned nl_poll(struct file *f, struct poll_table *pt)
{
	struct nl_sock *s = f->priv;

	poll_wait(pt, &s->wait);
	return POLLOUT | POLLWRNORM | (READ_ONCE(s->len) ? POLLIN | POLLRDNORM : 0);
}

static int nl_set_option(struct file *f __unused, int level __unused, int name __unused, const void *value __unused,
                         unsigned len __unused)
{
	return 0; /* buffers, groups, strictness: nothing that changes an answer */
}

static int nl_get_option(struct file *f, int level, int name, void *value, uint32_t *len)
{
	const struct nl_sock *s = f->priv;
	int number = name == SO_TYPE ? s->type : name == SO_DOMAIN ? AF_NETLINK : 0;

	if (level != SOL_SOCKET)
		return -ENOPROTOOPT;
	return socket_option_store(&number, sizeof(number), value, len);
}

static long nl_ioctl(struct file *f __unused, unsigned cmd, union call_arg arg)
{
	return inet_interface_ioctl(cmd, arg);
}

static void nl_stat(struct file *f __unused, struct stat *st)
{
	st->st_mode = S_IFSOCK | 0777;
}

static void nl_release(struct file *f)
{
	kfree(f->priv);
}

static const struct socket_ops nl_socket_ops = {
	.bind = nl_bind,
	.connect = nl_connect,
	.listen = nl_none,
	.accept = nl_accept,
	.shutdown = nl_none,
	.name = nl_get_name,
	.send = nl_send,
	.receive = nl_receive,
	.set_option = nl_set_option,
	.get_option = nl_get_option,
};

static const struct file_ops nl_file_ops = {
	.name = "netlink",
	.read = nl_read,
	.write = nl_write,
	.poll = nl_poll,
	.ioctl = nl_ioctl,
	.stat = nl_stat,
	.release = nl_release,
	.socket = &nl_socket_ops,
};

bool netlink_is(const struct file *f)
{
	return f->ops == &nl_file_ops;
}

void netlink_deliver(struct file *f, const void *datagram, size_t len)
{
	struct nl_sock *s = f->priv;

	mutex_lock(&s->answer_lock);
	s->len = MIN(len, sizeof(s->answer));
	memcpy(s->answer, datagram, s->len);
	mutex_unlock(&s->answer_lock);
	waitq_wake(&s->wait, POLLIN | POLLRDNORM);
}

static int nl_create(int type, int protocol, int flags, struct file **out)
{
	struct nl_sock *s;

	if (type != SOCK_RAW && type != SOCK_DGRAM)
		return -ESOCKTNOSUPPORT;
	if (protocol) /* NETLINK_ROUTE alone */
		return -EPROTONOSUPPORT;
	s = kzalloc(sizeof(*s));
	if (!s)
		return -ENOMEM;
	mutex_init(&s->answer_lock);
	waitq_init(&s->wait);
	s->type = type;
	*out = file_new(&nl_file_ops, s, O_RDWR | ((unsigned)flags & O_NONBLOCK));
	if (!*out)
		kfree(s);
	return *out ? 0 : -ENOMEM;
}

static int nl_init(void)
{
	static struct socket_family family = { .number = AF_NETLINK, .create = nl_create };

	socket_register(&family);
	return 0;
}
INITCALL(INIT_SERVICES, nl_init);
