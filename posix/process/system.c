/* SPDX-License-Identifier: BSD-3-Clause */
#include <posix/calls.h>

#include <abi/resource.h>
#include <core/call_arg.h>
#include <core/alloc.h>
#include <core/errno.h>
#include <core/random.h>
#include <core/string.h>
#include <core/time.h>
#include <core/timer.h>
#include <core/vmem.h>
#include <posix/uts.h>

#include "internal.h"

#define ARCH_SET_FS 0x1002
#define ARCH_GET_FS 0x1003

#define GRND_NONBLOCK 1
#define GRND_RANDOM 2
#define GRND_INSECURE 4

#define UTS_FIELD 65

/* The first thread's stack, all of which was backed at the start; @here is in it. */
static void note_stack(uintptr_t here)
{
	thread_set_stack(thread_self(), vmem_stack_lowest(here, here), here);
}

long sys_arch_prctl(int code, uintptr_t address)
{
	const union call_arg arg = { .value = address };
	uintptr_t *base = arg.object;

	switch (code) {
	case ARCH_SET_FS:
		thread_set_tls(address);
		note_stack((uintptr_t)__builtin_frame_address(0));
		return 0;
	case ARCH_GET_FS:
		*base = thread_self()->tls_base;
		return 0;
	default:
		return -EINVAL;
	}
}

long sys_getrandom(void *buf, size_t size, unsigned flags)
{
	if (flags & ~(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE) || (flags & GRND_RANDOM && flags & GRND_INSECURE))
		return -EINVAL;
	random_bytes(buf, size);
	return size;
}

long sys_uname(char *out)
{
	static const char *const fields[] = {
		UTS_SYSNAME, UTS_NODENAME, UTS_RELEASE, UTS_VERSION, UTS_MACHINE, UTS_DOMAINNAME
	};
	char *p = out;

	memset(p, 0, ARRAY_SIZE(fields) * UTS_FIELD);
	for (unsigned i = 0; i < ARRAY_SIZE(fields); i++)
		strlcpy(p + i * UTS_FIELD, fields[i], UTS_FIELD);
	return 0;
}

struct sysinfo {
	uint64_t uptime, loads[3], total_ram, free_ram, shared_ram, buffer_ram, total_swap, free_swap;
	uint16_t processes, pad;
	uint64_t total_high, free_high;
	uint32_t unit;
};

long sys_sysinfo(struct sysinfo *out)
{
	*out = (struct sysinfo){
		.uptime = time_monotonic() / NSEC_PER_SEC,
		.total_ram = page_total() * PAGE_SIZE,
		.free_ram = page_available() * PAGE_SIZE,
		.processes = process_count(),
		.unit = 1,
	};
	return 0;
}

/* System calls are functions of the program, so all time is the user's. */
long sys_getrusage(int who, struct rusage *out)
{
	uint64_t ns = 0;

	if (who != RUSAGE_SELF && who != RUSAGE_CHILDREN && who != RUSAGE_THREAD)
		return -EINVAL;
	spin_lock(&threads_lock);
	if (who != RUSAGE_CHILDREN)
		ns = who == RUSAGE_THREAD ? thread_cpu_time(thread_self()) : sched_cpu_time();
	spin_unlock(&threads_lock);
	*out = (struct rusage){
		.ru_utime = time_to_timeval(ns),
		.ru_maxrss = who == RUSAGE_CHILDREN ? 0 : (page_total() - page_available()) * (PAGE_SIZE / 1024),
	};
	return 0;
}
