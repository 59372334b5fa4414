/* SPDX-License-Identifier: BSD-3-Clause */
/* The log of a target: inputs that make messages are the rule. */
#include <core/log.h>

enum log_level log_level;

bool log_limit_allows(struct log_limit *l __unused, enum log_level level __unused)
{
	return true;
}

void log_printf(enum log_level level __unused, const char *fmt __unused, ...)
{
}
