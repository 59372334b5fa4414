/* SPDX-License-Identifier: BSD-3-Clause */
/* Frames and IPv4 packets of the network checks, through whichever known card there is. */
#ifndef NET_H
#define NET_H

#include "guest.h"

#define HEADER 14
#define IP_SIZE 20
#define ARP 0x0806
#define IPV4 0x0800
#define ICMP 1
#define TCP 6
#define UDP 17

extern const struct nic *nic;
extern uint8_t own_mac[6], own_ip[4];
/* Whom the checks talk to. */
extern uint8_t peer_mac[6], peer_ip[4];
/* The frame that goes out, and the last one that came in. */
extern uint8_t frame[1536], answer[2048];

static inline void put16(uint8_t *to, unsigned v)
{
	to[0] = (uint8_t)(v >> 8);
	to[1] = (uint8_t)v;
}

static inline unsigned get16(const uint8_t *from)
{
	return (unsigned)(from[0] << 8 | from[1]);
}

/* Find a card and start it. False without one, which fails the check if the parameters ask for one. */
bool net_start(void);
/* Find @peer_mac by ARP. */
bool net_resolve(void);
/* A cleared frame for @to: where its payload goes. */
uint8_t *net_ethernet(const uint8_t to[6], unsigned type);
/* The IP header in front of @size bytes of @protocol in frame, for @to_ip at @to_mac: where those bytes go. */
uint8_t *net_ip(const uint8_t to_mac[6], const uint8_t to_ip[4], unsigned protocol, unsigned size);
/* Send an IP packet with @size bytes of payload that is in frame. */
bool net_send_ip(unsigned size);
/* Look for a frame once, into answer. Its type, or 0; requests for our own address are answered in passing. */
unsigned net_poll(void);
/* Send the @size bytes in frame, then look at what comes until @wanted likes it or the time is over. */
bool net_exchange(unsigned size, bool (*wanted)(unsigned type, const uint8_t *data), unsigned ms);
/* The Internet checksum of @size bytes, and of what @sum has added up. */
unsigned net_checksum(const uint8_t *data, unsigned size, uint32_t sum);
/* The same for the payload of an IP packet with the addresses and the protocol of its header. */
unsigned net_transport_checksum(const uint8_t *ip, unsigned size);

#endif
