/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by the files of core/netstack only. */
#ifndef CORE_NETSTACK_INTERNAL_H
#define CORE_NETSTACK_INTERNAL_H

#include <core/net.h>
#include <core/netstack.h>

/* frames.c: the device. All under the stack's lock but frames_ready(). */

/* Take device @number, -1 for the first that is free. Returns 0, -ENODEV, -EBUSY or -ENOMEM. */
int frames_open(int number);
/* The device, or NULL. */
struct net_dev *frames_device(void);
/* Hand what came to the stack, and what waits to the device: a bounded number each. */
void frames_move(void);
/* Is there something to move? Thread context. */
bool frames_ready(void);

#endif
