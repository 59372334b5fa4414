/* SPDX-License-Identifier: BSD-3-Clause */
/* Waiting for the first of many files to be ready. Shared by the files of posix/poll only. */
#ifndef POSIX_POLL_POLLER_H
#define POSIX_POLL_POLLER_H

#include <abi/poll.h>
#include <abi/signal.h>
#include <abi/time.h>
#include <core/poll.h>

/*
 * Fill in revents; sleep until at least one is not 0, the @deadline (absolute monotonic ns; 0: none) or a signal. With
 * @wait false only look. @always: events reported though not asked for. Returns the number of ready entries, -EINTR or
 * -ENOMEM.
 */
long poll_files(struct pollfd *fds, unsigned n, unsigned always, bool wait, uint64_t deadline);

/* A time to wait as poll_files() takes it. */
struct patience {
	bool wait;
	uint64_t deadline;
};

struct patience patience_ms(long ms); /* negative: for ever */
/* NULL: for ever. -EINVAL for an invalid time. */
int patience_timespec(const struct timespec *ts, struct patience *out);
/* What is left of a time that was given, as Linux leaves it in the caller's. @ts NULL: none was; a time of 0 stays. */
void patience_left(const struct patience *p, struct timespec *ts);

#endif
