/* SPDX-License-Identifier: BSD-3-Clause */
/* The kernel's log, on the platform's boot console. Usable from any context, at any time after the first instruction. */
#ifndef CORE_LOG_H
#define CORE_LOG_H

#include <core/base.h>
#include <stdarg.h>

enum log_level { LOG_ERR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* Messages above this level are dropped; "loglevel=N" on the kernel command line sets it. Default LOG_WARN. */
extern enum log_level log_level;

/* One line, without its end, to the boot console; as vsnprintf() below formats. Any context. pr_err() and the like are shorter. */
void log_printf(enum log_level level, const char *fmt, ...) __printf(2, 3);

#define pr_err(fmt, ...) log_printf(LOG_ERR, fmt, ##__VA_ARGS__)
#define pr_warn(fmt, ...) log_printf(LOG_WARN, fmt, ##__VA_ARGS__)
#define pr_info(fmt, ...) log_printf(LOG_INFO, fmt, ##__VA_ARGS__)
#define pr_debug(fmt, ...) log_printf(LOG_DEBUG, fmt, ##__VA_ARGS__)

/*
 * Log lines that a peer, a device or a program can provoke as often as it likes: in each LOG_LIMIT_PERIOD at most LOG_LIMIT_LINES of them
 * are printed; the first line of a later period is preceded by one that counts those left out. One object per cause and device; zeroed
 * memory is a valid one. Any context.
 */
#define LOG_LIMIT_LINES 5u
#define LOG_LIMIT_PERIOD (10 * NSEC_PER_SEC)

struct log_limit {
	uint64_t until; /* end of the period */
	unsigned lines, left_out; /* in it */
};

/* Count a line of @level. Returns whether it may be printed, after a line that counts those left out, if any were. */
bool log_limit_allows(struct log_limit *l, enum log_level level);

#define log_ratelimited(limit, level, fmt, ...) \
	do { \
		if ((level) <= log_level && log_limit_allows((limit), (level))) \
			log_printf((level), fmt, ##__VA_ARGS__); \
	} while (0)

/* A bug of ours: print the message and a backtrace, end the domain as crashed. */
void panic(const char *fmt, ...) __printf(1, 2) __noreturn;

#define ASSERT(cond) \
	do { \
		if (unlikely(!(cond))) \
			panic("%s:%d: assertion failed: %s", __FILE__, __LINE__, #cond); \
	} while (0)

#endif
