/* SPDX-License-Identifier: BSD-3-Clause */
#include "audit.h"

#include <core/log.h>

#include "xen.h"

#define NONE (-1)
#define UNKNOWN_MAX 32

/* Those of which only the audit knows. */
#define HYPERCALL_MULTICALL 13
#define HYPERCALL_PHYSDEV_OP 33
#define HYPERCALL_SYSCTL 35
#define HYPERCALL_DOMCTL 36
#define HYPERCALL_DM_OP 41

struct call {
	int number, sub;
};

static const struct call table[] = {
#define CALL(number, sub, name, who) { number, sub },
#include "surface.inc"
};

static bool made[ARRAY_SIZE(table)];
static struct call unknown[UNKNOWN_MAX];
static unsigned unknown_count;
static unsigned long total;
static uint32_t store_made; /* a bit for each number */
static unsigned store_refused;

/* One of the calls in a HYPERCALL_MULTICALL. */
struct multicall {
	unsigned long nr, result, args[6];
};

/* A buffer of a device model's operation; the first one begins with the operation's number. */
struct dm_op_buf {
	const uint32_t *op;
	uint64_t size;
};

static int sub_operation(unsigned nr, unsigned long a1, unsigned long a2, unsigned long a3)
{
	switch (nr) {
	case HYPERCALL_MEMORY_OP:
		return a1 & 0x3f; /* the rest counts what is done of a long call */
	case HYPERCALL_XEN_VERSION:
	case HYPERCALL_CONSOLE_IO:
	case HYPERCALL_GRANT_TABLE_OP:
	case HYPERCALL_SET_SEGMENT_BASE:
	case HYPERCALL_SCHED_OP:
	case HYPERCALL_EVENT_CHANNEL_OP:
	case HYPERCALL_HVM_OP:
	case HYPERCALL_PHYSDEV_OP:
		return (int)a1;
	case HYPERCALL_MMUEXT_OP: /* we make them one at a time */
		return a2 == 1 ? (int)((const struct mmuext_op *)a1)->cmd : (int)a2 + 1000;
	case HYPERCALL_SYSCTL:
	case HYPERCALL_DOMCTL:
		return *(const int *)a1;
	case HYPERCALL_DM_OP:
		return a2 ? (int)*((const struct dm_op_buf *)a3)->op : NONE;
	default:
		return NONE;
	}
}

/* Returns whether the table has it. */
static bool note(struct call c)
{
	for (unsigned i = 0; i < ARRAY_SIZE(table); i++) {
		if (table[i].number == c.number && table[i].sub == c.sub) {
			made[i] = true;
			return true;
		}
	}
	return false;
}

/* Returns whether it is told for the first time. */
static bool note_unknown(struct call c)
{
	for (unsigned i = 0; i < MIN(unknown_count, UNKNOWN_MAX); i++)
		if (unknown[i].number == c.number && unknown[i].sub == c.sub)
			return false;
	if (unknown_count < UNKNOWN_MAX)
		unknown[unknown_count] = c;
	unknown_count++;
	return true;
}

static void look(unsigned nr, unsigned long a1, unsigned long a2, unsigned long a3)
{
	struct call c = { (int)nr, sub_operation(nr, a1, a2, a3) };

	if (!note(c) && note_unknown(c))
		pr_err("audit: hypercall %d, operation %d, is not in plat/xen/surface.inc", c.number, c.sub);
}

long xen_hypercall(unsigned nr, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4, unsigned long a5)
{
	const struct multicall *inner = (const struct multicall *)a1;

	total++;
	look(nr, a1, a2, a3);
	for (unsigned long i = 0; nr == HYPERCALL_MULTICALL && i < a2; i++)
		look((unsigned)inner[i].nr, inner[i].args[0], inner[i].args[1], inner[i].args[2]);
	return xen_hypercall_raw(nr, a1, a2, a3, a4, a5);
}

void audit_store(uint32_t number, bool listed)
{
	if (listed)
		store_made |= 1u << number;
	else
		store_refused++;
}

void audit_report(void)
{
	unsigned used = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(table); i++)
		used += made[i];
	pr_err("audit: %u of %u kinds of hypercalls were made, and %u that are not in the table: %lu calls", used,
	       (unsigned)ARRAY_SIZE(table), unknown_count, total);
	pr_err("audit: %u kinds of xenstore requests were made (bits 0x%x), and %u requests refused that are not in the table",
	       (unsigned)__builtin_popcount(store_made), store_made, store_refused);
}
