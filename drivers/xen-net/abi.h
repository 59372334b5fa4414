/* SPDX-License-Identifier: BSD-3-Clause */
/* xen/include/public/io/netif.h: what a front end with one queue and no extra-information slots needs. */
#ifndef XEN_NET_ABI_H
#define XEN_NET_ABI_H

#include <core/base.h>
#include <drivers/xen-ring.h>

struct tx_request {
	uint32_t gref;
	uint16_t offset;
	uint16_t flags;
	uint16_t id;
	uint16_t size; /* of the frame in its first request, of the piece in the others */
};

#define TXF_MORE_DATA 4u

struct tx_response {
	uint16_t id;
	int16_t status;
};

/* A request or response of the sending ring. */
union tx_entry {
	struct tx_request req;
	struct tx_response rsp;
};

#define RSP_OKAY 0

struct rx_request {
	uint16_t id;
	uint16_t pad;
	uint32_t gref;
};

struct rx_response {
	uint16_t id;
	uint16_t offset;
	uint16_t flags;
	int16_t status; /* < 0: an error, otherwise the bytes in the page */
};

#define RXF_CSUM_BLANK 2u
#define RXF_MORE_DATA 4u
#define RXF_EXTRA_INFO 8u

union rx_entry {
	struct rx_request req;
	struct rx_response rsp;
};

/* Entries of both rings. */
#define RING_ENTRIES 256u

_Static_assert(XEN_RING_ENTRIES(sizeof(union tx_entry)) == RING_ENTRIES &&
                       XEN_RING_ENTRIES(sizeof(union rx_entry)) == RING_ENTRIES,
               "Xen's layout");

#endif
