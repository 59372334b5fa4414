/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A Xen domain with vif=['bridge=xenbr0'], whose bridge answers as 10.9.0.1 (ci/xen/lab run): we are 10.9.0.(1 + last byte of our MAC) and make our
 * frames ourselves. Results are KTAP lines.
 */
#ifndef TEST_H
#define TEST_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Say what was expected, and make the test fail. */
#define CHECK(cond) \
	do { \
		if (!(cond)) { \
			printf("# %s:%d: not so: %s (errno: %s)\n", __func__, __LINE__, #cond, strerror(errno)); \
			return false; \
		} \
	} while (0)

#define FRAME_MAX 65535
#define ETHERNET_SIZE 14
#define IP_SIZE 20
#define ICMP_SIZE 8
#define TCP_SIZE 20

/* tap.c: the tap on device 0, not blocking. */
extern int tap;
extern uint8_t our_mac[6];
bool tap_start(void);
/* Another one, open(2)'s @flags added. Returns the descriptor or -1. */
int tap_open(const char *name, int flags, uint8_t *mac);
/* Wait up to @ms for a frame, answering ARP. Returns its length, 0 when none came. */
size_t tap_frame(uint8_t *buf, int ms);
/* Send, waiting for room up to a second. */
bool tap_send(const uint8_t *frame, size_t len);
uint64_t now_ms(void);

/* frame.c: frames to the other end. Each returns the frame's length. */
extern uint8_t peer_mac[6];
/* Our address, from our MAC. */
void choose_address(void);
uint16_t checksum(const void *p, size_t len, uint32_t total);
uint32_t pseudo_sum(const uint8_t *ip);
size_t make_arp(uint8_t *frame);
/* Make the request in @frame an answer. Returns its length, 0 when it was no request for us. */
size_t answer_arp(uint8_t *frame, size_t len);
bool is_arp_reply(const uint8_t *frame, size_t len);
/* An ICMP echo request with @data bytes that follow from @sequence, and its answer. */
size_t make_ping(uint8_t *frame, unsigned sequence, size_t data);
bool is_pong(const uint8_t *frame, size_t len, unsigned *sequence);
bool pong_is_whole(const uint8_t *frame, size_t len, size_t data);
/* The start of a TCP connection to a port where nobody listens, and the refusal. */
size_t make_syn(uint8_t *frame);
bool is_tcp(const uint8_t *frame, size_t len);

/* requests.c: the ioctls that QEMU uses. */
bool tap_requests(void);
bool tap_busy(void);
bool tap_poll_empty(void);

/* traffic.c */
bool arp(void);
bool ping_sizes(void);
bool tcp_checksum(void);
bool ping_many(void);
bool unread(void);
bool flood(void);
bool read_cut(void);
/* Not of those that run without arguments: they need an MTU of 65000; a second device; somebody who ends the back end. */
bool ping_large(void);
bool second(void);
bool reconnect(void);
bool pulled_out(void); /* pulled.c */

#endif
