/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A DHCP server for one client, the guest (RFC 2131, RFC 2132): Qubes OS leaves it to the stubdomain to give the guest the address that was
 * chosen for it. Frames in, frames out; it keeps no state.
 */
#ifndef XEN_DHCP_H
#define XEN_DHCP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DHCP_NAME_SERVERS 2

/* What the client is given. Addresses in network byte order. */
struct dhcp_lease {
	uint8_t client[4], gateway[4], netmask[4];
	uint8_t name_servers[DHCP_NAME_SERVERS][4];
	unsigned name_server_count;
};

/* An answer as a frame: Ethernet, IP and UDP headers, and a message of the size that every client takes. */
#define DHCP_ANSWER_SIZE (14 + 20 + 8 + 300)

/*
 * Read "client_ip=A,dns_0=A,dns_1=A,gw=A,netmask=A", which Qubes OS' libxl passes behind "-qubes-net:", in any order; the name servers may be
 * absent or empty. Returns false for any other text; *@lease is then not to be used.
 */
bool dhcp_parse(const char *text, struct dhcp_lease *lease);

/* Is the Ethernet frame of @len bytes at @frame, which the guest sent, for a DHCP server over IPv4? @frame need not be aligned. */
bool dhcp_is_for_server(const uint8_t *frame, size_t len);

/*
 * Write the frame that answers @frame, for which dhcp_is_for_server() holds, to @answer. Returns false if there is no answer: to messages that
 * want none, are malformed, came through a relay or are for another server.
 */
bool dhcp_answer(const struct dhcp_lease *lease, const uint8_t *frame, size_t len, uint8_t answer[DHCP_ANSWER_SIZE]);

#endif
