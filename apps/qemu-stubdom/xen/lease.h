/* SPDX-License-Identifier: BSD-3-Clause */
/* The address that the toolstack chose for the guest, given to it by DHCP. */
#ifndef XEN_LEASE_H
#define XEN_LEASE_H

#include <stdio.h>

#ifdef CONFIG_APP_QEMU_STUBDOM_DHCP
/*
 * Take over what follows "-qubes-net:" of the device model's arguments; @text is not kept. Text that cannot be understood is named on standard
 * error, and the guest starts without.
 */
void lease_take(const char *text);
/* QEMU has been set up: answer the guest's first card, if a lease was taken. A guest without a card is named on standard error. */
void lease_serve(void);
#else
static inline void lease_take(const char *text)
{
	fprintf(stderr, "arguments: -qubes-net:%s: no DHCP server in this image: the guest needs this address set within it\n",
	        text);
}

static inline void lease_serve(void)
{
}
#endif

#endif
