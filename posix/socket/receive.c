/* SPDX-License-Identifier: BSD-3-Clause */
/* Receiving. */
#include <core/alloc.h>
#include <core/string.h>

#include "unix.h"

static struct message *first(struct sock *s)
{
	return list_empty(&s->queue) ? NULL : list_first(&s->queue, struct message, link);
}

/* Will no data ever come? */
static bool at_end(const struct sock *s)
{
	return s->shut_read;
}

/* What to say when the queue is empty: 0 at the end, -EAGAIN to wait. Under unix_lock. */
static int empty_result(struct sock *s)
{
	if (s->error)
		return sock_take_error(s);
	if (s->type == SOCK_STREAM && s->state != SOCK_CONNECTED)
		return -EINVAL;
	if (s->type == SOCK_SEQPACKET && s->state != SOCK_CONNECTED)
		return -ENOTCONN;
	return at_end(s) ? 0 : -EAGAIN;
}

/* As Linux has it: of datagrams, only who would wait is told of the end. */
static bool hides_end(const struct sock *s, const struct transfer *t)
{
	return s->type == SOCK_DGRAM && t->nonblock;
}

static int wait_for_data(struct sock *s, uint64_t deadline)
{
	return wait_result(wait_event_timeout(&s->wait, !list_empty(&s->queue) || s->error || at_end(s), deadline), deadline);
}

/* Give @m's files to the receiver; a peek gives copies. */
static void take_files(struct message *m, struct transfer *t, bool peek)
{
	if (!m->nfiles)
		return;
	if (!peek) {
		t->files = m->files;
		t->nfiles = m->nfiles;
		m->files = NULL;
		m->nfiles = 0;
		return;
	}
	t->files = kmalloc(m->nfiles * sizeof(*t->files));
	if (!t->files)
		return;
	t->nfiles = m->nfiles;
	for (unsigned i = 0; i < m->nfiles; i++) {
		t->files[i] = m->files[i];
		file_get(t->files[i]);
	}
}

static void note_sender(const struct message *m, struct transfer *t)
{
	t->from = m->sender->addr;
	t->has_from = true;
}

/* Take what fits from the queue of a stream. Files end the read behind their message, and before the next with files. */
static ssize_t take_stream(struct sock *s, struct transfer *t, struct list *used)
{
	bool peek = t->flags & MSG_PEEK;
	struct message *m, *tmp;
	ssize_t done = 0;

	list_for_each_safe(m, tmp, &s->queue, link) {
		size_t n;

		if (!t->it.left || t->nfiles || (done && m->nfiles))
			break;
		n = iov_put(&t->it, m->data + m->offset, m->len - m->offset);
		done += n;
		take_files(m, t, peek);
		if (peek)
			continue;
		m->offset += n;
		s->queued -= n;
		if (m->offset == m->len) {
			message_unlink(s, m);
			list_push_back(used, &m->link);
		}
	}
	return done;
}

/* Has a reader of a stream what it wants? Who wants nothing waits for data all the same. Under unix_lock. */
static bool is_enough(const struct sock *s, const struct transfer *t, ssize_t done)
{
	if (!t->it.left)
		return done || !list_empty(&s->queue);
	return done && (!(t->flags & MSG_WAITALL) || (t->flags & MSG_PEEK) || t->nfiles);
}

static ssize_t receive_stream(struct sock *s, struct transfer *t)
{
	uint64_t deadline = deadline_of(s->rcv_timeout);
	struct list used = LIST_INIT(used);
	ssize_t done = 0;
	int ret = 0;

	while (!ret) {
		mutex_lock(&unix_lock);
		done += take_stream(s, t, &used);
		if (is_enough(s, t, done)) {
			mutex_unlock(&unix_lock);
			break;
		}
		ret = list_empty(&s->queue) ? empty_result(s) : 0;
		mutex_unlock(&unix_lock);
		if (!ret && list_empty(&s->queue))
			break; /* the end */
		if (ret == -EAGAIN && !t->nonblock)
			ret = wait_for_data(s, deadline);
	}
	message_free_all(&used);
	return done ? done : ret;
}

static ssize_t take_packet(struct sock *s, struct transfer *t, struct message **used)
{
	bool peek = t->flags & MSG_PEEK;
	struct message *m = first(s);
	size_t n = iov_put(&t->it, m->data, m->len);
	ssize_t ret = t->flags & MSG_TRUNC ? m->len : n;

	if (n < m->len)
		t->out_flags |= MSG_TRUNC;
	if (s->type != SOCK_SEQPACKET)
		note_sender(m, t);
	take_files(m, t, peek);
	if (!peek) {
		message_unlink(s, m);
		*used = m;
	}
	return ret;
}

static ssize_t receive_packet(struct sock *s, struct transfer *t)
{
	uint64_t deadline = deadline_of(s->rcv_timeout);
	struct message *used = NULL;
	ssize_t ret;

	for (;;) {
		bool empty;

		mutex_lock(&unix_lock);
		empty = list_empty(&s->queue);
		if (s->error || empty) /* an error comes before what was sent ahead of it, other than for a stream */
			ret = empty_result(s);
		else
			ret = take_packet(s, t, &used);
		if (empty && !ret && hides_end(s, t))
			ret = -EAGAIN;
		mutex_unlock(&unix_lock);
		if (!empty || ret != -EAGAIN || t->nonblock)
			break;
		ret = wait_for_data(s, deadline);
		if (ret)
			break;
	}
	if (used)
		message_free(used);
	return ret;
}

ssize_t sock_receive(struct sock *s, struct transfer *t)
{
	t->nonblock |= s->rcv_timeout == SOCKET_TIMEOUT_NOW;
	if (t->flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (s->type == SOCK_STREAM)
		return receive_stream(s, t);
	return receive_packet(s, t);
}
