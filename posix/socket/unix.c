/* SPDX-License-Identifier: BSD-3-Clause */
/* A socket's life, and its file operations. */
#include <core/alloc.h>
#include <core/string.h>
#include <core/time.h>

#include "unix.h"

struct mutex unix_lock = MUTEX_INIT(unix_lock);

struct sock *sock_new(int type)
{
	struct sock *s = kzalloc(sizeof(*s));

	if (!s)
		return NULL;
	s->refs = 1;
	s->type = type;
	s->sndbuf = SNDBUF_DEFAULT;
	list_init(&s->queue);
	list_init(&s->writers);
	list_init(&s->blocked);
	list_init(&s->backlog);
	list_init(&s->pending);
	waitq_init(&s->wait);
	waitq_init(&s->room);
	return s;
}

void sock_put(struct sock *s)
{
	if (s && !__atomic_sub_fetch(&s->refs, 1, __ATOMIC_ACQ_REL))
		kfree(s);
}

uint64_t deadline_of(uint64_t timeout)
{
	return timeout ? deadline_after(time_monotonic(), timeout) : DEADLINE_NEVER;
}

int sock_take_error(struct sock *s)
{
	int error = s->error;

	s->error = 0;
	return -error;
}

/* As Linux: writable while less than half of the buffer is in flight... for streams; a packet may still have to wait. */
bool sock_can_send(const struct sock *s)
{
	return s->in_flight <= s->sndbuf / 2;
}

/* Empty the queue of a socket that nobody reads any more. Returns the messages in @out, to free without the lock. */
static void take_queue(struct sock *s, struct list *out)
{
	list_init(out);
	while (!list_empty(&s->queue)) {
		struct message *m = list_first(&s->queue, struct message, link);

		message_unlink(s, m);
		list_push_back(out, &m->link);
	}
}

struct sock *sock_redirect(struct sock *s, struct sock *to, struct list *lost)
{
	struct sock *old = s->peer;

	s->peer = to;
	s->state = to ? SOCK_CONNECTED : SOCK_IDLE;
	list_del(&s->blocked);
	waitq_wake(&s->wait, SOCK_WRITABLE);
	if (!old || old == to || list_empty(&s->queue))
		return old;
	take_queue(s, lost);
	if (!old->closed && old->peer == s) {
		old->error = ECONNRESET; /* what it sent may be among that */
		waitq_wake(&old->wait, POLLERR);
	}
	return old;
}

/* Tell the peer that @s is gone. Returns the reference to put. */
static struct sock *leave_peer(struct sock *s, bool unread)
{
	struct sock *peer = s->peer;

	s->peer = NULL;
	if (!peer || s->type == SOCK_DGRAM)
		return peer;
	if (unread)
		peer->error = ECONNRESET;
	peer->shut_read = peer->shut_write = true;
	waitq_wake(&peer->wait, SOCK_ALL_EVENTS | POLLERR);
	return peer;
}

static void close_with(struct sock *s, bool reset);

/* Connections that nobody accepted are closed. */
static void close_backlog(struct sock *s)
{
	for (;;) {
		struct sock *child = NULL;

		mutex_lock(&unix_lock);
		if (!list_empty(&s->backlog)) {
			child = list_first(&s->backlog, struct sock, pending);
			list_del(&child->pending);
			s->backlog_len--;
		}
		mutex_unlock(&unix_lock);
		if (!child)
			return;
		close_with(child, true);
	}
}

/* @reset: the peer learns that it was never accepted. */
static void close_with(struct sock *s, bool reset)
{
	struct list unread;
	struct sock *peer;

	address_unbind(s);
	mutex_lock(&unix_lock);
	s->closed = true;
	list_del(&s->blocked);
	take_queue(s, &unread);
	message_wake_writers(s);
	peer = leave_peer(s, reset || !list_empty(&unread));
	mutex_unlock(&unix_lock);
	waitq_wake(&s->wait, ~0u);
	waitq_wake(&s->room, ~0u);
	close_backlog(s);
	message_free_all(&unread);
	sock_put(peer);
	sock_put(s);
}

static void sock_close(struct sock *s)
{
	close_with(s, false);
}

static void unix_release(struct file *f)
{
	sock_close(f->priv);
}

/* Of a socket in any state. */
static unsigned poll_shut(const struct sock *s)
{
	return (s->shut_read ? POLLIN | POLLRDNORM | POLLRDHUP : 0) | (s->shut_read && s->shut_write ? POLLHUP : 0);
}

/* Is the socket that takes @s's datagrams full? Notes @s there if so. */
static bool is_crowded(struct sock *s)
{
	bool crowded;

	if (s->type != SOCK_DGRAM || !s->peer)
		return false;
	mutex_lock(&unix_lock);
	crowded = s->peer && message_crowded(s, s->peer, true);
	mutex_unlock(&unix_lock);
	return crowded;
}

static unsigned unix_poll(struct file *f, struct poll_table *pt)
{
	struct sock *s = f->priv;
	unsigned events;

	poll_wait(pt, &s->wait);
	events = poll_shut(s) | (s->error ? POLLERR : 0);
	if (s->state == SOCK_LISTENING)
		return events | (s->backlog_len ? POLLIN | POLLRDNORM : 0);
	if (!list_empty(&s->queue))
		events |= POLLIN | POLLRDNORM;
	if (sock_can_send(s) && !is_crowded(s))
		events |= SOCK_WRITABLE;
	return events | (s->type != SOCK_DGRAM && s->state == SOCK_IDLE ? POLLHUP : 0);
}

static ssize_t unix_read(struct file *f, struct iov_iter *it, off_t *pos)
{
	struct transfer t = { .it = *it, .nonblock = f->flags & O_NONBLOCK };
	ssize_t ret;

	(void)pos;
	if (!it->left) /* other than recv() */
		return 0;
	ret = sock_receive(f->priv, &t);
	transfer_drop_files(&t); /* plain reads lose them */
	return ret;
}

static ssize_t unix_write(struct file *f, struct iov_iter *it, off_t *pos)
{
	struct transfer t = { .it = *it, .nonblock = f->flags & O_NONBLOCK };

	(void)pos;
	return sock_send(f->priv, &t);
}

static long unix_ioctl(struct file *f, unsigned cmd, union call_arg arg)
{
	struct sock *s = f->priv;

	switch (cmd) {
	case FIONREAD:
		if (s->state == SOCK_LISTENING)
			return -EINVAL;
		*arg.number = (int)s->queued;
		if (s->type != SOCK_STREAM && !list_empty(&s->queue))
			*arg.number = (int)list_first(&s->queue, struct message, link)->len;
		return 0;
	case SIOCOUTQ:
		*arg.number = (int)s->in_flight;
		return 0;
	default:
		return socket_interface_hook ? socket_interface_hook(cmd, arg) : -ENOTTY;
	}
}

static void unix_stat(struct file *f, struct stat *st)
{
	(void)f;
	st->st_mode = S_IFSOCK | 0777;
}

const struct file_ops unix_ops = {
	.name = "unix",
	.read = unix_read,
	.write = unix_write,
	.poll = unix_poll,
	.ioctl = unix_ioctl,
	.stat = unix_stat,
	.release = unix_release,
	.socket = &unix_socket_ops,
};

struct file *sock_file(struct sock *s, unsigned flags)
{
	struct file *f = file_new(&unix_ops, s, O_RDWR | (flags & O_NONBLOCK));

	if (!f)
		sock_close(s);
	return f;
}
