/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The brake on event channels: another domain notifies as often as it likes, and each time costs this domain a handler's run. A port that fires
 * too often pauses: it is masked for a while, at whose end its events arrive as one. Preemption is disabled around all calls.
 */
#ifndef XEN_BRAKE_H
#define XEN_BRAKE_H

#include <core/base.h>
#include <core/timer.h>

/* A port's handler runs at most this often in one xen_irq_run_pending(), ... */
#define BRAKE_RUNS_AT_ONCE 8u
/* ... and this often in this time; the clock, which may be slow, is read every BRAKE_RUNS runs only. */
#define BRAKE_RUNS 128u
#define BRAKE_WINDOW NSEC_PER_MSEC
/* The pause doubles while the storm goes on. */
#define BRAKE_PAUSE_MIN NSEC_PER_MSEC
#define BRAKE_PAUSE_MAX (64 * NSEC_PER_MSEC)

/* Of one port; zeroed memory is one that never fired. */
struct brake {
	uint32_t port;
	bool on; /* the port pauses */
	bool told; /* that it storms */
	uint32_t call, runs_at_once; /* runs in call @call of xen_irq_run_pending() */
	uint32_t runs; /* since @since */
	uint64_t since, pause, until; /* the clock, the last pause's length and end */
	struct timer timer;
};

/* Count a run of @port in call number @call of xen_irq_run_pending(). Returns whether its pause begins: the caller masks it. */
bool brake_count(struct brake *b, uint32_t port, uint32_t call);
/* End a pause early: the port is closed. */
void brake_reset(struct brake *b);
/* event.c: the pause is over. */
void brake_ended(struct brake *b);

#endif
