/* SPDX-License-Identifier: BSD-3-Clause */
/* A socket as a file, and how it waits. */
#include <abi/ioctl.h>
#include <core/alloc.h>
#include <core/init.h>
#include <core/string.h>
#include <posix/calls.h>

#include "inet.h"

struct inet_sock *inet_new(int family, int type, int protocol)
{
	struct inet_sock *s = kzalloc(sizeof(*s));

	if (!s)
		return NULL;
	waitq_init(&s->user.wait);
	s->family = family;
	s->type = type;
	s->protocol = protocol;
	s->linger = -1;
	return s;
}

unsigned inet_events(struct inet_sock *s)
{
	netstack_lock();
	unsigned events = netstack->events(s->stack);

	netstack_unlock();
	return events;
}

int inet_wait(struct inet_sock *s, unsigned events, uint64_t timeout, uint64_t *deadline)
{
	int ret;

	if (timeout && *deadline == DEADLINE_NEVER)
		*deadline = deadline_after(time_monotonic(), timeout);
	ret = wait_event_timeout(&s->user.wait, inet_events(s) & (events | POLLERR | POLLHUP), *deadline);
	if (ret == -EINTR && *deadline != DEADLINE_NEVER)
		return -EINTR_FINAL;
	return ret == -ETIMEDOUT ? -EAGAIN : ret;
}

static unsigned inet_poll(struct file *f, struct poll_table *pt)
{
	struct inet_sock *s = f->priv;

	poll_wait(pt, &s->user.wait);
	return inet_events(s);
}

static long inet_ioctl(struct file *f, unsigned cmd, union call_arg arg)
{
	struct inet_sock *s = f->priv;
	size_t n;

	if (cmd != FIONREAD && cmd != SIOCOUTQ)
		return inet_interface_ioctl(cmd, arg);
	netstack_lock();
	n = netstack->queued(s->stack, cmd == SIOCOUTQ);
	netstack_unlock();
	*arg.number = (int)n;
	return 0;
}

static void inet_stat(struct file *f __unused, struct stat *st)
{
	st->st_mode = S_IFSOCK | 0777;
}

static void inet_release(struct file *f)
{
	struct inet_sock *s = f->priv;

	netstack_lock();
	netstack->close(s->stack);
	netstack_unlock();
	kfree(s);
}

static const struct socket_ops inet_socket_ops = {
	.bind = inet_bind,
	.connect = inet_connect,
	.listen = inet_listen,
	.accept = inet_accept,
	.shutdown = inet_shutdown,
	.name = inet_name,
	.send = inet_send,
	.receive = inet_receive,
	.set_option = inet_set_option,
	.get_option = inet_get_option,
};

static const struct file_ops inet_file_ops = {
	.name = "inet",
	.read = inet_read,
	.write = inet_write,
	.poll = inet_poll,
	.ioctl = inet_ioctl,
	.stat = inet_stat,
	.release = inet_release,
	.socket = &inet_socket_ops,
};

struct file *inet_file(struct inet_sock *s, int flags)
{
	struct file *f = file_new(&inet_file_ops, s, O_RDWR | ((unsigned)flags & O_NONBLOCK));

	if (f)
		return f;
	netstack_lock();
	netstack->close(s->stack);
	netstack_unlock();
	kfree(s);
	return NULL;
}

static int create(int family, int type, int protocol, int flags, struct file **out)
{
	struct inet_sock *s = netstack ? inet_new(family, type, protocol) : NULL;
	int ret;

	if (!s)
		return netstack ? -ENOMEM : -EAFNOSUPPORT;
	netstack_lock();
	ret = netstack->create(family == AF_INET ? 4 : 6, type, protocol, &s->user, &s->stack);
	netstack_unlock();
	if (ret) {
		kfree(s);
		return ret;
	}
	*out = inet_file(s, flags);
	return *out ? 0 : -ENOMEM;
}

static int create4(int type, int protocol, int flags, struct file **out)
{
	return create(AF_INET, type, protocol, flags, out);
}

static int create6(int type, int protocol, int flags, struct file **out)
{
	return create(AF_INET6, type, protocol, flags, out);
}

static int inet_init(void)
{
	static struct socket_family families[] = {
		{ .number = AF_INET, .create = create4 },
		{ .number = AF_INET6, .create = create6 },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(families); i++)
		socket_register(&families[i]);
	socket_interface_hook = inet_interface_ioctl;
	return 0;
}
INITCALL(INIT_SERVICES, inet_init);
