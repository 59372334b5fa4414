/* SPDX-License-Identifier: BSD-3-Clause */
/* One TCP connection at a time (RFC 9293), one segment on its way at a time. */
#ifndef TCP_H
#define TCP_H

#include "net.h"

#define TCP_DATA_MAX 1400 /* in one segment of ours */

/* Connect to @port of @peer_ip, whose MAC is known. False if it refuses or does not answer. */
bool tcp_connect(unsigned port);
/* Wait for somebody who connects to our @port. */
bool tcp_accept(unsigned port, unsigned ms);
/* Send @size bytes, up to TCP_DATA_MAX, until the other end has them. */
bool tcp_send(const void *data, unsigned size);
/* Take up to @size bytes that came, waiting for some. 0: the other end has sent its last; -1: nothing came for long, or a reset. */
int tcp_receive(void *data, unsigned size);
/* Send our end. */
bool tcp_end(void);

#endif
