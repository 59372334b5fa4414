/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/log.h>

#include <plat/plat.h>

bool log_limit_allows(struct log_limit *l, enum log_level level)
{
	uint64_t now = plat_clock_monotonic();

	if (now >= l->until) {
		unsigned left_out = l->left_out;

		*l = (struct log_limit){ .until = now + LOG_LIMIT_PERIOD };
		if (left_out)
			log_printf(level, "%u lines like the next one were left out", left_out);
	}
	if (l->lines == LOG_LIMIT_LINES) {
		l->left_out++;
		return false;
	}
	l->lines++;
	return true;
}
