/* SPDX-License-Identifier: BSD-3-Clause */
/* mq_open(2) and its siblings. */
#ifndef ABI_MQUEUE_H
#define ABI_MQUEUE_H

struct mq_attr {
	long flags; /* O_NONBLOCK */
	long maxmsg, msgsize; /* messages in a queue, bytes in a message */
	long curmsgs;
	long reserved[4];
};

#define MQ_PRIO_MAX 32768u

#define MQ_MSG_DEFAULT 10 /* fs/mqueue/msg_default, and what follows its kin */
#define MQ_MSGSIZE_DEFAULT 8192
#define MQ_MSG_HARD_MAX 65536 /* for the privileged, whom those do not bind */
#define MQ_MSGSIZE_HARD_MAX (16l << 20)

/* What RLIMIT_MSGQUEUE counts of each message that a queue may have, besides its bytes: Linux' structures for it. */
#define MQ_MSG_OVERHEAD 96

/* What a thread of the C library waits for at its netlink socket; the last byte says why it came. */
#define MQ_COOKIE_LEN 32
#define MQ_NOTIFY_WOKENUP 1
#define MQ_NOTIFY_REMOVED 2

#endif
