/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared inside drivers/xen-grant. */
#ifndef XEN_GRANT_TABLE_H
#define XEN_GRANT_TABLE_H

#include "abi.h"

#define PER_FRAME (PAGE_SIZE / sizeof(struct grant_entry))
#define RESERVED 8u /* the first references belong to the toolstack */
#define FRAMES_MAX 64

/* GNTTABOP_*: returns what Xen returns; each of the @count operations at @arg has a status of its own. */
long grant_op(unsigned op, void *arg, unsigned count);

/*
 * A suspended domain may come back with an empty table. Keep a copy of the @frames of @table; returns 0 or -ENOMEM. Then, with the table mapped
 * again, free the copy, and unless all is as it was (@cancelled) write it into the table: whoever has a reference keeps it, and nobody has its
 * page mapped. The back ends have to be in domains with the numbers that they had. Preemption is disabled.
 */
int table_keep(const struct grant_entry *table, unsigned frames);
void table_bring_back(struct grant_entry *table, unsigned frames, bool cancelled);

#endif
