/* SPDX-License-Identifier: BSD-3-Clause */
/* The rights of a device model's domain: all on its target, none elsewhere. Works on what it finds: without a target there are only others. */
#include "test.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <xenstore.h>

#define OTHERS 8 /* domains 0 ... 7 are tried */
#define NOBODY 0x7000
#define NO_TARGET 0x7fff

static unsigned number(struct xs_handle *xs, const char *node, unsigned missing)
{
	char *text = xs_read(xs, XBT_NULL, node, NULL);
	unsigned value = text ? (unsigned)atoi(text) : missing;

	free(text);
	return value;
}

static bool is_refused(const struct operation *op, unsigned domid, int ret)
{
	if (ret == -EPERM || ret == -EACCES)
		return true;
	return ret && (ret == -op->refusal || (!domid && ret == -op->refusal_dom0));
}

/* The right is missing (EPERM, EACCES) or the domain (ESRCH). Returns whether it was the right. */
static bool try_other(const struct operation *op, unsigned domid)
{
	int ret = op->run(domid);

	printf("# %s, domain %u: %s\n", op->name, domid, ret ? strerror(-ret) : "done");
	result(is_refused(op, domid, ret) || ret == -ESRCH || (domid == NOBODY && ret == -ENOENT), "%s: not on domain %u",
	       op->name, domid);
	return is_refused(op, domid, ret);
}

static void try_target(const struct operation *op, unsigned target)
{
	int ret = op->run(target);

	printf("# %s, target: %s\n", op->name, ret ? strerror(-ret) : "done");
	if (op->on_target)
		result(!ret, "%s: on the target", op->name);
	else
		result(is_refused(op, target, ret), "%s: not even on the target", op->name);
}

void isolation(void)
{
	struct xs_handle *xs = xs_open(0);
	unsigned self = xs ? number(xs, "domid", NO_TARGET) : NO_TARGET;
	unsigned target = xs ? number(xs, "target", NO_TARGET) : NO_TARGET;

	printf("# domain %u, target %u\n", self, target);
	result(xs && !operations_start(self, target), "handles");
	for (unsigned i = 0; i < operation_count; i++) {
		unsigned refused = 0;

		for (unsigned domid = 0; domid < OTHERS; domid++)
			if (domid != self && domid != target)
				refused += try_other(&operations[i], domid);
		try_other(&operations[i], NOBODY);
		/* dom0, and the domain that the test started beside the target. */
		if (target == NO_TARGET)
			continue;
		result(refused >= 2, "%s: refused on those that are there", operations[i].name);
		try_target(&operations[i], target);
	}
	xs_close(xs);
}
