/* SPDX-License-Identifier: BSD-3-Clause */
/* The calls of requeue_pi.c (CONFIG_POSIX_FUTEX_REQUEUE_PI), as futex(2) has them. */
#ifndef FUTEX_REQUEUE_PI_H
#define FUTEX_REQUEUE_PI_H

#include <core/base.h>

/* Wait at @word while it is @expected, then own @target. 0, or -EAGAIN, -EINVAL, -EINTR, -ETIMEDOUT. @deadline as for waiter_sleep(). */
long futex_wait_requeue_pi(const int *word, int expected, uint64_t deadline, int *target);
/* Move 1 + @move_count of them. Returns how many, or -EAGAIN, -EINVAL, -EDEADLK, -ESRCH. */
long futex_requeue_pi(const int *word, int wake_count, unsigned long move_count, const int *target, int expected);
/* Does anybody wait at @word in this way? Who is not to be woken in another one. */
bool futex_requeue_waits(const int *word);

#endif
