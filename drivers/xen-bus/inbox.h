/* SPDX-License-Identifier: BSD-3-Clause */
/* What waits for a client of /dev/xen/xenbus to read it: answers to its requests, and events of its watches. */
#ifndef XEN_BUS_INBOX_H
#define XEN_BUS_INBOX_H

#include <core/sched.h>
#include <core/spinlock.h>

#include "protocol.h"

/*
 * Most bytes of events that wait. Whoever may write below a watched path decides how many there are, and a client need not read them; answers
 * are as many as its requests.
 */
#define INBOX_EVENT_BYTES (256u << 10)

struct inbox {
	struct list messages;
	size_t event_bytes; /* of the events among them */
	bool overflowed; /* and it was logged */
	struct spinlock message_lock; /* the three above */
	struct mutex read_lock; /* the oldest message: one reader at a time */
	struct waitq wait;
};

void inbox_init(struct inbox *in);
/* Append a message of @h and the payload in @parts. Returns 0, -ENOMEM, or -ENOSPC for an event that is one too many: it is dropped. */
int inbox_add(struct inbox *in, const struct xs_header *h, const struct xs_part *parts, unsigned count);
bool inbox_has_messages(struct inbox *in);
/* Take bytes of messages, as many as there are and @it has room for. Returns their count; 0: there is nothing. Thread context. */
ssize_t inbox_read(struct inbox *in, struct iov_iter *it);
/* Forget all messages. No one else uses @in any more. */
void inbox_clear(struct inbox *in);

#endif
