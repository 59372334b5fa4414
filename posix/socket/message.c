/* SPDX-License-Identifier: BSD-3-Clause */
/* Messages in flight. Their memory is charged to the sender until they are received. */
#include <core/alloc.h>
#include <core/string.h>

#include "unix.h"

#define BLOCK_MIN 512u

/* What a packet of @len bytes counts for: as much as Linux takes for it, which is the allocator's block and two structures. */
static size_t packet_charge(size_t len)
{
	size_t size = ALIGN_UP(len, 64) + 320, block = BLOCK_MIN;

	while (block < size && block < PAGE_SIZE)
		block *= 2;
	return MAX(block, size) + 256;
}

size_t message_piece(size_t left)
{
	size_t whole = left + sizeof(struct message), block = CHUNK_MAX;

	if (whole <= PAGE_SIZE)
		return left;
	while (block > whole)
		block /= 2;
	return MIN(left, block - sizeof(struct message));
}

struct message *message_new(size_t len, struct sock *sender)
{
	struct message *m = kmalloc(sizeof(*m) + len);

	if (!m)
		return NULL;
	memset(m, 0, sizeof(*m));
	list_init(&m->link);
	m->len = len;
	m->charge = sender->type == SOCK_STREAM ? sizeof(*m) + len : packet_charge(len);
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

void message_free_all(struct list *messages)
{
	struct message *m, *tmp;

	list_for_each_safe(m, tmp, messages, link)
		message_free(m);
}

bool message_crowded(struct sock *s, struct sock *to, bool note)
{
	if (to == s || to->peer == s || to->queue_len <= DATAGRAMS_MAX || to->closed)
		return false;
	if (note) {
		list_del(&s->blocked);
		list_push_back(&to->writers, &s->blocked);
	}
	return true;
}

void message_wake_writers(struct sock *s)
{
	waitq_wake(&s->wait, SOCK_WRITABLE); /* those that are not connected */
	while (!list_empty(&s->writers)) {
		struct sock *writer = list_first(&s->writers, struct sock, blocked);

		list_del(&writer->blocked);
		waitq_wake(&writer->wait, SOCK_WRITABLE);
	}
}

void message_queue(struct sock *to, struct message *m)
{
	list_push_back(&to->queue, &m->link);
	to->queued += m->len;
	to->queue_len++;
	m->sender->in_flight += m->charge;
	waitq_wake(&to->wait, POLLIN | POLLRDNORM);
}

void message_unlink(struct sock *s, struct message *m)
{
	list_del(&m->link);
	s->queued -= m->len - m->offset;
	s->queue_len--;
	if (s->type == SOCK_DGRAM && s->queue_len == DATAGRAMS_MAX)
		message_wake_writers(s);
	m->sender->in_flight -= m->charge;
	if (sock_can_send(m->sender))
		waitq_wake(&m->sender->wait, SOCK_WRITABLE);
}
