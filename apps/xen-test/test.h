/* SPDX-License-Identifier: BSD-3-Clause */
/* What tests/xen/test_xen_isolation.py and test_xen_limits.py look at from inside a domain. Results are KTAP lines. */
#ifndef TEST_H
#define TEST_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Say one result. */
void result(bool ok, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* An operation on domain @domid: 0, or -Exxx as Xen or xenstored refused it. */
struct operation {
	const char *name;
	int (*run)(unsigned domid);
	bool on_target; /* it works on the target, and is tried there */
	int refusal_dom0; /* besides EPERM and EACCES: of a domain that is not HVM, Xen says that first */
	int refusal; /* the same of any domain: where it is no question of rights */
};

extern const struct operation operations[];
extern const unsigned operation_count;

/* Open the handles of the operations, of domain @self. 0 or -1. */
int operations_start(unsigned self, unsigned target);

/* Each operation on the target, on every other domain, and on one that is not there. */
void isolation(void);
/* Take all of something, see it refused, give it back, and go on as before. */
void limit_grants(void);
void limit_channels(void);
void limit_memory(void);
/* Hold all grants or event channels, and wait until a disk came and was refused; then let go, and wait for one that works. */
void hold_grants(void);
void hold_channels(void);
/* Write and read the disk and look at clocks until data/release is there. */
void busy(void);

#endif
