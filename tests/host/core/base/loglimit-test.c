/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The limit of repeated log lines: a burst passes, a flood does not, and the number of lines left out is told once the flood is over.
 * sources: core/base/loglimit.c
 */
#include <core/log.h>
#include <plat/plat.h>

#include "../../host.h"

#define FLOOD 100000

enum log_level log_level = LOG_WARN;

static uint64_t now = 1;
static unsigned lines;
static char last[2][128];

int vsnprintf(char *buf, size_t size, const char *fmt, va_list ap);

static uint64_t clock_monotonic(void)
{
	return now;
}

const struct plat_ops plat_ops = { .clock_monotonic = clock_monotonic };

void log_printf(enum log_level level __unused, const char *fmt, ...)
{
	va_list ap;

	for (size_t i = 0; i < sizeof(last[0]); i++)
		last[0][i] = last[1][i];
	va_start(ap, fmt);
	vsnprintf(last[1], sizeof(last[1]), fmt, ap);
	va_end(ap);
	lines++;
}

static bool is(const char *line, const char *wanted)
{
	while (*wanted && *line == *wanted) {
		line++;
		wanted++;
	}
	return !*wanted;
}

static void test_flood(void)
{
	struct log_limit limit = { 0 };

	lines = 0;
	for (int i = 0; i < FLOOD; i++)
		log_ratelimited(&limit, LOG_ERR, "line %d", i);
	CHECK_EQ(lines, LOG_LIMIT_LINES);
	CHECK(is(last[1], "line 4"));
	now += LOG_LIMIT_PERIOD;
	log_ratelimited(&limit, LOG_WARN, "line again");
	CHECK_EQ(lines, LOG_LIMIT_LINES + 2);
	CHECK(is(last[0], "99995 lines like the next one were left out"));
	CHECK(is(last[1], "line again"));
	for (int i = 0; i < FLOOD; i++)
		log_ratelimited(&limit, LOG_ERR, "line %d", i);
	CHECK_EQ(lines, 2 * LOG_LIMIT_LINES + 1);
}

/* One cause does not silence another, and slow lines all pass. */
static void test_others(void)
{
	struct log_limit one = { 0 }, other = { 0 };

	for (int i = 0; i < FLOOD; i++)
		log_ratelimited(&one, LOG_ERR, "one");
	lines = 0;
	log_ratelimited(&other, LOG_ERR, "other");
	CHECK_EQ(lines, 1);
	for (int i = 0; i < 100; i++) {
		now += LOG_LIMIT_PERIOD / 4;
		log_ratelimited(&other, LOG_ERR, "slow");
	}
	CHECK_EQ(lines, 101);
	log_ratelimited(&other, LOG_DEBUG, "below the level");
	CHECK_EQ(lines, 101);
}

int main(void)
{
	test_flood();
	test_others();
	return 0;
}
