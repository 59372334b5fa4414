/* SPDX-License-Identifier: BSD-3-Clause */
/* Messages in flight. Their memory is charged to the sender until they are received. */
#include <core/alloc.h>
#include <core/string.h>

#include "unix.h"

struct message *message_new(size_t len, struct sock *sender)
{
	struct message *m = kmalloc(sizeof(*m) + len);

	if (!m)
		return NULL;
	memset(m, 0, sizeof(*m));
	list_init(&m->link);
	m->len = len;
	m->charge = sizeof(*m) + len;
	m->sender = sock_get(sender);
	return m;
}

void message_free(struct message *m)
{
	for (unsigned i = 0; i < m->nfiles; i++)
		file_put(m->files[i]);
	kfree(m->files);
	sock_put(m->sender);
	kfree(m);
}

void message_queue(struct sock *to, struct message *m)
{
	list_push_back(&to->queue, &m->link);
	to->queued += m->len;
	m->sender->in_flight += m->charge;
	waitq_wake(&to->wait, POLLIN | POLLRDNORM);
}

void message_unlink(struct sock *s, struct message *m)
{
	list_del(&m->link);
	s->queued -= m->len - m->offset;
	m->sender->in_flight -= m->charge;
	if (sock_can_send(m->sender))
		waitq_wake(&m->sender->wait, POLLOUT | POLLWRNORM);
}
