/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The order of locks: what was seen is allowed, the reverse is not, over any number of steps.
 * sources: core/sched/lock_order.c core/base/string.c
 */
#include "../../../../core/sched/lock_order.h"
#include "../../host.h"

int main(void)
{
	static struct lock_order o;
	static char names[LOCK_KINDS + 1][8];

	for (int i = 0; i <= LOCK_KINDS; i++) {
		names[i][0] = 'a' + i % 26;
		names[i][1] = 'a' + i / 26;
		CHECK_EQ(lock_order_kind(&o, names[i]), i < LOCK_KINDS ? i : -1);
	}
	CHECK_EQ(lock_order_kind(&o, "ca"), 2);
	CHECK(!lock_order_note(&o, 1, 1));
	CHECK(lock_order_note(&o, 1, 2));
	CHECK(lock_order_note(&o, 1, 2));
	CHECK(!lock_order_note(&o, 2, 1));
	/* 1 > 2 > 3 and 3 > 4, so 4 is inside all and outside none. */
	CHECK(lock_order_note(&o, 3, 4));
	CHECK(lock_order_note(&o, 2, 3));
	CHECK(!lock_order_note(&o, 4, 1));
	CHECK(!lock_order_note(&o, 3, 1));
	CHECK(!lock_order_note(&o, 4, 2));
	CHECK(lock_order_note(&o, 1, 4));
	/* A chain over all numbers, tied from both ends. */
	for (unsigned i = 5; i + 1 < LOCK_KINDS; i++)
		CHECK(lock_order_note(&o, i, i + 1));
	CHECK(lock_order_note(&o, 4, 5));
	CHECK(!lock_order_note(&o, LOCK_KINDS - 1, 1));
	CHECK(lock_order_note(&o, 1, LOCK_KINDS - 1));
	return 0;
}
