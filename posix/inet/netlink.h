/* SPDX-License-Identifier: BSD-3-Clause */
/* Answers to questions about interfaces in the form of rtnetlink(7): shared by the files of posix/inet only. */
#ifndef POSIX_INET_NETLINK_H
#define POSIX_INET_NETLINK_H

#include <core/netstack.h>

#define RTM_NEWLINK 16
#define RTM_GETLINK 18
#define RTM_NEWADDR 20
#define RTM_GETADDR 22

#define NLM_F_REQUEST 1
#define NLM_F_MULTI 2
#define NLM_F_DUMP 0x300

struct nl_header {
	uint32_t len;
	uint16_t type, flags;
	uint32_t sequence, port;
};

/* An answer that grows: messages one after the other. */
struct nl_answer {
	char *buf;
	size_t size, len;
	uint32_t sequence, port; /* of all messages */
	bool full; /* something did not fit */
};

/* Append what is known about @in: RTM_NEWLINK's message, or the RTM_NEWADDRs of its addresses of @family (AF_*; 0: all). */
void nl_add_link(struct nl_answer *a, const struct netstack_interface *in);
void nl_add_addresses(struct nl_answer *a, const struct netstack_interface *in, unsigned family);
/* The end of a dump; or an error, a negated errno, about @request. */
void nl_add_done(struct nl_answer *a);
void nl_add_error(struct nl_answer *a, int error, const struct nl_header *request);

#endif
