/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The clock never goes back, whatever the hypervisor writes into its page.
 * sources: plat/xen/clock.c
 */
#include <core/log.h>

#include "../../../../plat/xen/xen.h"
#include "../../host.h"

#define ROUNDS 100000

struct shared_info shared_info;

long xen_hypercall3(unsigned nr __unused, unsigned long a1 __unused, unsigned long a2 __unused, unsigned long a3 __unused)
{
	return 0;
}

int xen_event_bind_virq(unsigned virq __unused)
{
	return 1;
}

int xen_event_set_handler(uint32_t port __unused, void (*fn)(uint32_t port, void *arg) __unused, void *arg __unused)
{
	return 0;
}

void panic(const char *fmt __unused, ...)
{
	abort();
}

static void set(uint64_t system_time, uint32_t mul, int shift)
{
	struct pvclock *t = &shared_info.vcpu_info[0].time;

	t->system_time = system_time;
	t->tsc_to_system_mul = mul;
	t->tsc_shift = shift;
	t->tsc_timestamp = __builtin_ia32_rdtsc();
}

int main(void)
{
	uint64_t last;

	set(5000, 0, 0);
	CHECK_EQ(xen_clock_monotonic(), 5000);
	set(4000, 0, 0);
	CHECK_EQ(xen_clock_monotonic(), 5000);
	set(5001, 0, 0);
	CHECK_EQ(xen_clock_monotonic(), 5001);
	last = xen_clock_monotonic();
	for (unsigned i = 0; i < ROUNDS; i++) {
		if (i % 7 == 0)
			set(last + (unsigned)rand() % 2000 - 1000, (unsigned)rand(), rand() % 3 - 1);
		uint64_t now = xen_clock_monotonic();

		CHECK(now >= last);
		last = now;
	}
	return 0;
}
