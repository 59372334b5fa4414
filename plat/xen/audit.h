/* SPDX-License-Identifier: BSD-3-Clause */
/* CONFIG_XEN_AUDIT: hypercalls are compared with the table of surface.inc, and requests to xenstored counted. */
#ifndef XEN_AUDIT_H
#define XEN_AUDIT_H

#include <stdbool.h>
#include <stdint.h>

#ifdef CONFIG_XEN_AUDIT
/* Log how much of the table was used, and how many calls are not in it. */
void audit_report(void);
/* Count a request of kind @number to xenstored; @listed: in the table, with a number below 32. */
void audit_store(uint32_t number, bool listed);
/* The assembler's xen_hypercall(). */
long xen_hypercall_raw(unsigned nr, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4, unsigned long a5);
#else
static inline void audit_report(void)
{
}

static inline void audit_store(uint32_t number, bool listed)
{
	(void)number;
	(void)listed;
}
#endif

#endif
