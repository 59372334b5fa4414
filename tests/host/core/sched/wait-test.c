/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Waits whose deadline is an expression of the clock, on a queue that is woken again and again for others' sake: they end in time. So does a
 * request of 9P's mount that waits for its turn.
 * sources: core/p9fs/message.c core/base/string.c tests/host/stubs/alloc.c tests/host/stubs/sched.c
 */
#include "../../../../core/p9fs/session.c"
#include "../../host.h"

#define WAKE (10 * NSEC_PER_MSEC) /* from one to the next */

static uint64_t now = NSEC_PER_SEC;
static unsigned sleeps, could_be_interrupted;

uint64_t time_monotonic(void)
{
	return now;
}

void waiter_init(struct waiter *w)
{
	*w = (struct waiter){ .thread = thread_self() };
}

int waiter_sleep(struct waiter *w __unused, uint64_t deadline, bool interruptible)
{
	CHECK(++sleeps < 10000);
	could_be_interrupted += interruptible;
	if (deadline && deadline <= now + WAKE) {
		now = MAX(now, deadline);
		return -ETIMEDOUT;
	}
	now += WAKE;
	return 0;
}

void waitq_add(struct waitq *q __unused, struct wait_entry *e __unused)
{
}

void waitq_remove(struct wait_entry *e __unused)
{
}

void waitq_wake(struct waitq *q __unused, unsigned events __unused)
{
}

void waitq_wake_n(struct waitq *q __unused, unsigned n __unused, unsigned events __unused)
{
}

void p9_fids_return(struct p9_session *s __unused)
{
}

void log_printf(enum log_level level __unused, const char *fmt __unused, ...)
{
}

enum log_level log_level;

bool log_limit_allows(struct log_limit *l __unused, enum log_level level __unused)
{
	return true;
}

static void test_deadline(void)
{
	struct waitq q = WAITQ_INIT(q);
	uint64_t begin = now;

	CHECK_EQ(wait_event_timeout(&q, false, time_monotonic() + 5 * WAKE), -ETIMEDOUT);
	CHECK_EQ(now - begin, 5 * WAKE);
	begin = now;
	CHECK_EQ(wait_event_full(&q, now - begin >= 3 * WAKE, time_monotonic() + 5 * WAKE, false), 0);
	CHECK_EQ(now - begin, 3 * WAKE);
	wait_event(&q, now - begin >= 100 * WAKE);
	CHECK_EQ(now - begin, 100 * WAKE);
}

/* All tags are others', and stay theirs: a signal may end the wait after a second, and the mount's deadline ends it. */
static void test_session(void)
{
	struct p9_transport transport = { .requests_max = P9_REQUESTS_MAX };
	struct p9_session s;
	struct p9_call c;
	uint64_t begin = now;

	p9_session_init(&s, &transport);
	s.tags = ~0ull;
	s.deadline = now + 7 * NSEC_PER_SEC / 2;
	sleeps = could_be_interrupted = 0;
	CHECK_EQ(p9_call_begin(&c, &s, P9_WALK, 0, 0), -EIO);
	CHECK_EQ(now - begin, 7 * NSEC_PER_SEC / 2);
	CHECK_EQ(sleeps - could_be_interrupted, PATIENCE / WAKE);
}

int main(void)
{
	test_deadline();
	test_session();
	return 0;
}
