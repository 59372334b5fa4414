/* SPDX-License-Identifier: BSD-3-Clause */
/* Messages. Shared by the files of posix/sysvipc only. All under msg_ids.lock. */
#ifndef POSIX_SYSVIPC_MSG_H
#define POSIX_SYSVIPC_MSG_H

#include "ids.h"

struct msg {
	struct list link;
	long type;
	size_t size;
	char text[];
};

struct msg_queue {
	struct ipc_object base;
	struct list messages; /* the oldest first */
	struct list senders, receivers; /* who waits, the first come first */
	unsigned long bytes, count; /* of what is in it */
	unsigned long limit; /* of both */
	int64_t stime, rtime;
	int lspid, lrpid;
};

extern struct ipc_ids msg_ids;
extern unsigned long msg_count, msg_bytes; /* in all queues */

/* The queue with this identifier, or NULL. */
struct msg_queue *msg_find(int id);
/* There may be room: let go on who waits to send. */
void msg_admit(struct msg_queue *q);
/* The queue goes: all waits end with -EIDRM, and its messages are dropped, a few at a time. True: there may be more. */
bool msg_expel(struct msg_queue *q);

#endif
