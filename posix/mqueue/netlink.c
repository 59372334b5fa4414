/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * AF_NETLINK sockets for what C libraries use them for with mq_notify(): a thread waits for a datagram of the kernel's. Questions about networks,
 * which the program may have instead, are not answered: an image that has networks has the sockets of posix/inet.
 */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/init.h>
#include <core/sched.h>
#include <core/string.h>
#include <posix/socket.h>

#define DATAGRAM_MAX 32u

struct wake_sock {
	struct spinlock lock;
	int type;
	size_t len; /* of what waits; 0: nothing */
	char datagram[DATAGRAM_MAX];
	struct waitq wait;
};

static int none_with_address(struct file *f __unused, const void *addr __unused, unsigned len __unused)
{
	return -EOPNOTSUPP;
}

static int none_with_number(struct file *f __unused, int number __unused)
{
	return -EOPNOTSUPP;
}

static int none_to_accept(struct file *f __unused, int flags __unused, struct file **out __unused,
                          struct socket_name *peer __unused)
{
	return -EOPNOTSUPP;
}

static int no_name(struct file *f __unused, bool peer __unused, struct socket_name *out __unused)
{
	return -EOPNOTSUPP;
}

static ssize_t nowhere(struct file *f __unused, const struct msghdr *hdr __unused, int flags __unused)
{
	return -EOPNOTSUPP;
}

/* What waits, into @it; it is gone then, unless @peek. -EAGAIN: nothing. */
static ssize_t take(struct wake_sock *s, struct iov_iter *it, bool peek)
{
	char copy[DATAGRAM_MAX];

	spin_lock(&s->lock);
	size_t len = s->len;

	memcpy(copy, s->datagram, len);
	if (!peek)
		s->len = 0;
	spin_unlock(&s->lock);
	return len ? (ssize_t)iov_put(it, copy, len) : -EAGAIN;
}

static ssize_t wake_receive(struct file *f, struct msghdr *hdr, int flags)
{
	bool wait = !((f->flags & O_NONBLOCK) || (flags & MSG_DONTWAIT));
	struct wake_sock *s = f->priv;
	struct iov_iter it;
	ssize_t ret = iov_init(&it, hdr->iov, (int)hdr->iovlen);

	while (!ret) {
		ret = take(s, &it, flags & MSG_PEEK);
		if (ret == -EAGAIN && wait)
			ret = wait_event_interruptible(&s->wait, READ_ONCE(s->len));
		else
			break;
	}
	if (ret >= 0) {
		hdr->namelen = hdr->controllen = 0;
		hdr->flags = 0;
	}
	return ret;
}

static int set_option(struct file *f __unused, int level __unused, int name __unused, const void *value __unused,
                      unsigned len __unused)
{
	return -ENOPROTOOPT;
}

static int get_option(struct file *f, int level, int name, void *value, uint32_t *len)
{
	const struct wake_sock *s = f->priv;

	if (level != SOL_SOCKET || name != SO_TYPE)
		return -ENOPROTOOPT;
	return socket_option_store(&s->type, sizeof(s->type), value, len);
}

static unsigned wake_poll(struct file *f, struct poll_table *pt)
{
	struct wake_sock *s = f->priv;

	poll_wait(pt, &s->wait);
	return READ_ONCE(s->len) ? POLLIN | POLLRDNORM : 0;
}

static void wake_stat(struct file *f __unused, struct stat *st)
{
	st->st_mode = S_IFSOCK | 0777;
}

static void wake_release(struct file *f)
{
	kfree(f->priv);
}

static const struct socket_ops wake_socket_ops = {
	.bind = none_with_address,
	.connect = none_with_address,
	.listen = none_with_number,
	.accept = none_to_accept,
	.shutdown = none_with_number,
	.name = no_name,
	.send = nowhere,
	.receive = wake_receive,
	.set_option = set_option,
	.get_option = get_option,
};

static const struct file_ops wake_file_ops = {
	.name = "netlink",
	.poll = wake_poll,
	.stat = wake_stat,
	.release = wake_release,
	.socket = &wake_socket_ops,
};

bool netlink_is(const struct file *f)
{
	return f->ops == &wake_file_ops;
}

void netlink_deliver(struct file *f, const void *datagram, size_t len)
{
	struct wake_sock *s = f->priv;

	spin_lock(&s->lock);
	s->len = MIN(len, DATAGRAM_MAX);
	memcpy(s->datagram, datagram, s->len);
	spin_unlock(&s->lock);
	waitq_wake(&s->wait, POLLIN | POLLRDNORM);
}

static int wake_create(int type, int protocol, int flags, struct file **out)
{
	struct wake_sock *s;

	if (type != SOCK_RAW && type != SOCK_DGRAM)
		return -ESOCKTNOSUPPORT;
	if (protocol)
		return -EPROTONOSUPPORT;
	s = kzalloc(sizeof(*s));
	if (!s)
		return -ENOMEM;
	s->type = type;
	spinlock_init(&s->lock, "mqueue: a thread's datagram");
	waitq_init(&s->wait);
	*out = file_new(&wake_file_ops, s, O_RDWR | ((unsigned)flags & O_NONBLOCK));
	if (!*out)
		kfree(s);
	return *out ? 0 : -ENOMEM;
}

static int wake_init(void)
{
	static struct socket_family family = { .number = AF_NETLINK, .create = wake_create };

	socket_register(&family);
	return 0;
}
INITCALL(INIT_SERVICES, wake_init);
