/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Seen before block/linux-aio.c, which looks for ended requests after it has begun one, and schedules its bottom half whenever it looks, for event
 * loops inside of what it calls then. That wakes the main loop. Where no request has ended nothing is called: then nobody is woken for nothing.
 */
#ifndef GLUE_LAIO_H
#define GLUE_LAIO_H

#include "qemu/osdep.h"
#include "block/aio.h"
#include <libaio.h>

/* The kernel's ring of events begins with: its number, its places, the first event, the place behind the last one. */
static inline bool uk_laio_ended(io_context_t ctx)
{
	const unsigned *ring = (const unsigned *)ctx;

	return qatomic_read(&ring[2]) != qatomic_read(&ring[3]);
}

/* Its only user has the state of the disks in @s. */
#define qemu_bh_schedule(bh) (uk_laio_ended(s->ctx) ? (qemu_bh_schedule)(bh) : (void)0)

#endif
