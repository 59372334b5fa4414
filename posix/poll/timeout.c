/* SPDX-License-Identifier: BSD-3-Clause */
/* What the calls share: relative times to absolute deadlines. */
#include <core/errno.h>
#include <core/time.h>

#include "poller.h"

struct patience patience_ms(long ms)
{
	if (ms < 0)
		return (struct patience){ true, DEADLINE_NEVER };
	return (struct patience){ ms > 0, deadline_after(time_monotonic(), time_of_ms(ms)) };
}

int patience_timespec(const struct timespec *ts, struct patience *out)
{
	*out = (struct patience){ true, DEADLINE_NEVER };
	if (!ts)
		return 0;
	if (!time_is_valid(ts))
		return -EINVAL;
	uint64_t ns = time_of_timespec(ts);

	*out = (struct patience){ ns > 0, deadline_after(time_monotonic(), ns) };
	return 0;
}

void patience_left(const struct patience *p, struct timespec *ts)
{
	uint64_t now = time_monotonic();

	if (ts && p->wait && p->deadline != DEADLINE_NEVER)
		*ts = time_to_timespec(p->deadline > now ? p->deadline - now : 0);
}
