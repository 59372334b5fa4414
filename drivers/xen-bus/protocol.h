/* SPDX-License-Identifier: BSD-3-Clause */
/* The wire format (public/io/xs_wire.h), and what the files of this folder share. */
#ifndef XEN_BUS_PROTOCOL_H
#define XEN_BUS_PROTOCOL_H

#include <core/base.h>
#include <core/iov.h>
#include <core/list.h>
#include <drivers/xenstore.h>

#define XS_DIRECTORY 1
#define XS_READ 2
#define XS_WATCH 4
#define XS_UNWATCH 5
#define XS_WRITE 11
#define XS_WATCH_EVENT 15
#define XS_ERROR 16

#define XENSTORE_PAYLOAD_MAX 4096
#define XENSTORE_RING_SIZE 1024u

struct xs_header {
	uint32_t type, req_id, tx_id, len;
};

struct xs_ring {
	char req[XENSTORE_RING_SIZE], rsp[XENSTORE_RING_SIZE];
	uint32_t req_cons, req_prod, rsp_cons, rsp_prod;
};

/* Part of a message's payload. */
struct xs_part {
	const void *data;
	size_t len;
};

struct xs_reply {
	uint32_t type;
	size_t len;
	char *data; /* kmalloc, NUL appended */
};

/*
 * Send a message and wait for its answer, which may be XS_ERROR with the error's name. 0: kfree() @reply->data. -ENODEV, -ENOMEM, -EINVAL
 * (too long), -EACCES: not a kind of request that this image makes (plat/xen/surface.inc), -EIO: the daemon broke the protocol. Thread context.
 */
int xs_talk(uint32_t type, uint32_t tx, const struct xs_part *parts, unsigned count, struct xs_reply *reply);
/* Errno of an XS_ERROR answer. */
int xs_errno(const char *name);

#endif
