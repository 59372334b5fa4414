/* SPDX-License-Identifier: BSD-3-Clause */
/* CONFIG_XEN_AUDIT: hypercalls are compared with the table of surface.inc. */
#ifndef XEN_AUDIT_H
#define XEN_AUDIT_H

#ifdef CONFIG_XEN_AUDIT
/* Log how much of the table was used, and how many calls are not in it. */
void audit_report(void);
/* The assembler's xen_hypercall(). */
long xen_hypercall_raw(unsigned nr, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4, unsigned long a5);
#else
static inline void audit_report(void)
{
}
#endif

#endif
