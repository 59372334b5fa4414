/* SPDX-License-Identifier: BSD-3-Clause */
#include "inbox.h"

#include <core/alloc.h>
#include <core/errno.h>
#include <core/log.h>
#include <core/poll.h>
#include <core/string.h>

struct message {
	struct list link;
	bool event;
	size_t len, taken;
	char data[];
};

void inbox_init(struct inbox *in)
{
	*in = (struct inbox){ 0 };
	list_init(&in->messages);
	spinlock_init(&in->message_lock, "xen-bus: messages that a client has not read");
	mutex_init(&in->read_lock);
	waitq_init(&in->wait);
}

static struct message *message_new(const struct xs_header *h, const struct xs_part *parts, unsigned count)
{
	struct message *m = kmalloc(sizeof(*m) + sizeof(*h) + h->len);
	size_t at = sizeof(*h);

	if (!m)
		return NULL;
	m->event = h->type == XS_WATCH_EVENT;
	m->len = sizeof(*h) + h->len;
	m->taken = 0;
	memcpy(m->data, h, sizeof(*h));
	for (unsigned i = 0; i < count; i++) {
		memcpy(m->data + at, parts[i].data, parts[i].len);
		at += parts[i].len;
	}
	return m;
}

/* Returns whether there is room for @m. */
static bool append(struct inbox *in, struct message *m)
{
	spin_lock(&in->message_lock);
	bool fits = !m->event || in->event_bytes + m->len <= INBOX_EVENT_BYTES, first = !fits && !in->overflowed;

	if (fits) {
		list_push_back(&in->messages, &m->link);
		in->event_bytes += m->event ? m->len : 0;
	}
	in->overflowed |= first;
	spin_unlock(&in->message_lock);
	if (first)
		pr_warn("/dev/xen/xenbus: a program does not read the events of its watches; what is beyond %u KiB is lost",
		        INBOX_EVENT_BYTES >> 10);
	return fits;
}

int inbox_add(struct inbox *in, const struct xs_header *h, const struct xs_part *parts, unsigned count)
{
	struct message *m = message_new(h, parts, count);

	if (!m)
		return -ENOMEM;
	if (!append(in, m)) {
		kfree(m);
		return -ENOSPC;
	}
	waitq_wake(&in->wait, POLLIN | POLLRDNORM);
	return 0;
}

static struct message *first_message(struct inbox *in)
{
	spin_lock(&in->message_lock);
	struct message *m = list_empty(&in->messages) ? NULL : list_first(&in->messages, struct message, link);

	spin_unlock(&in->message_lock);
	return m;
}

bool inbox_has_messages(struct inbox *in)
{
	return first_message(in);
}

static void remove_message(struct inbox *in, struct message *m)
{
	spin_lock(&in->message_lock);
	list_del(&m->link);
	in->event_bytes -= m->event ? m->len : 0;
	spin_unlock(&in->message_lock);
	kfree(m);
}

ssize_t inbox_read(struct inbox *in, struct iov_iter *it)
{
	struct message *m;
	ssize_t done = 0;

	mutex_lock(&in->read_lock);
	while (it->left && (m = first_message(in))) {
		size_t n = iov_put(it, m->data + m->taken, m->len - m->taken);

		done += n;
		m->taken += n;
		if (m->taken < m->len)
			break;
		remove_message(in, m);
	}
	mutex_unlock(&in->read_lock);
	return done;
}

void inbox_clear(struct inbox *in)
{
	struct message *m;

	while ((m = first_message(in)))
		remove_message(in, m);
}
