/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Resource limits (getrlimit(2)). Enforced, here or by those who ask, are the number of descriptors and of queued signals, the size of files, of
 * the address space and of its data. The others are stored.
 */
#include <posix/calls.h>

#include <abi/resource.h>
#include <core/alloc.h>
#include <core/boot.h>
#include <core/errno.h>
#include <core/init.h>
#include <core/vfs.h>
#include <posix/fd.h>
#include <posix/limits.h>

#include "internal.h"

#define CAP_SYS_RESOURCE 24

#define NONE RLIM_INFINITY
#define MSGQUEUE_BYTES 819200

static struct spinlock limit_lock = SPINLOCK_INIT("process: resource limits");
static struct rlimit64 limits[RLIMIT_COUNT] = {
	[RLIMIT_CPU] = { NONE, NONE },
	[RLIMIT_FSIZE] = { NONE, NONE },
	[RLIMIT_DATA] = { NONE, NONE },
	[RLIMIT_STACK] = { BOOT_STACK_SIZE, NONE },
	[RLIMIT_CORE] = { 0, NONE },
	[RLIMIT_RSS] = { NONE, NONE },
	[RLIMIT_NPROC] = { NONE, NONE },
	[RLIMIT_MEMLOCK] = { NONE, NONE },
	[RLIMIT_AS] = { NONE, NONE },
	[RLIMIT_LOCKS] = { NONE, NONE },
	[RLIMIT_MSGQUEUE] = { MSGQUEUE_BYTES, MSGQUEUE_BYTES },
	[RLIMIT_NICE] = { 0, 0 },
	[RLIMIT_RTPRIO] = { 0, 0 },
	[RLIMIT_RTTIME] = { NONE, NONE },
};

uint64_t limit_of(int which)
{
	return READ_ONCE(limits[which].soft);
}

struct rlimit64 limits_get(int which)
{
	spin_lock(&limit_lock);
	struct rlimit64 both = limits[which];

	spin_unlock(&limit_lock);
	return both;
}

/* With the lock held. These are kept by the layers that enforce them. */
static void apply(int which)
{
	if (which == RLIMIT_NOFILE)
		fd_limit = (unsigned)limits[which].soft;
	else if (which == RLIMIT_FSIZE)
		file_size_limit = limits[which].soft;
	else if (which == RLIMIT_SIGPENDING)
		signals_max = limits[which].soft;
}

/* With the lock held. */
static long set(int which, const struct rlimit64 *new)
{
	if (new->soft > new->hard)
		return -EINVAL;
	if (new->hard > limits[which].hard && !has_capability(CAP_SYS_RESOURCE))
		return -EPERM;
	if (which == RLIMIT_NOFILE && new->hard > FD_LIMIT_MAX)
		return -EPERM;
	limits[which] = *new;
	apply(which);
	return 0;
}

long sys_prlimit64(int pid, int which, const struct rlimit64 *new, struct rlimit64 *old)
{
	struct rlimit64 wanted = { 0 }, before;
	long ret = 0;

	if (pid && pid != process_id())
		return -ESRCH;
	if (which < 0 || which >= RLIMIT_COUNT)
		return -EINVAL;
	if (new)
		wanted = *new;
	spin_lock(&limit_lock);
	before = limits[which];
	if (new)
		ret = set(which, &wanted);
	spin_unlock(&limit_lock);
	if (!ret && old)
		*old = before;
	return ret;
}

long sys_getrlimit(int which, struct rlimit64 *out)
{
	return sys_prlimit64(0, which, 0, out);
}

long sys_setrlimit(int which, const struct rlimit64 *in)
{
	return sys_prlimit64(0, which, in, 0);
}

static void file_too_large(void)
{
	signal_send_thread(thread_self(), SIGXFSZ);
}

static int limits_init(void)
{
	limits[RLIMIT_NOFILE] = (struct rlimit64){ fd_limit, FD_LIMIT_MAX };
	/* Timers count too: so many of these take a thirtieth of memory. */
	limits[RLIMIT_SIGPENDING] = (struct rlimit64){ page_total() / 4, page_total() / 4 };
	apply(RLIMIT_SIGPENDING);
	file_limit_hook = file_too_large;
	return 0;
}
INITCALL(INIT_SERVICES, limits_init);
