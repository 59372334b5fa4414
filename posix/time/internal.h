/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TIME_INTERNAL_H
#define TIME_INTERNAL_H

#include <core/time.h>
#include <core/base.h>
#include <core/errno.h>

static inline int timespec_read(const struct timespec *ts, uint64_t *ns)
{
	*ns = time_of_timespec(ts);
	return time_is_valid(ts) ? 0 : -EINVAL;
}

/* The time of clock @id in ns, or -EINVAL. */
int clock_read(long id, uint64_t *ns);

#endif
