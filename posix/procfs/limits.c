/* SPDX-License-Identifier: BSD-3-Clause */
/* /proc/self/limits, as proc(5) has it. */
#include <core/init.h>
#include <core/procfs.h>
#include <posix/limits.h>

static const struct {
	const char *name, *unit;
} rows[RLIMIT_COUNT] = {
	[RLIMIT_CPU] = { "Max cpu time", "seconds" },         [RLIMIT_FSIZE] = { "Max file size", "bytes" },
	[RLIMIT_DATA] = { "Max data size", "bytes" },         [RLIMIT_STACK] = { "Max stack size", "bytes" },
	[RLIMIT_CORE] = { "Max core file size", "bytes" },    [RLIMIT_RSS] = { "Max resident set", "bytes" },
	[RLIMIT_NPROC] = { "Max processes", "processes" },    [RLIMIT_NOFILE] = { "Max open files", "files" },
	[RLIMIT_MEMLOCK] = { "Max locked memory", "bytes" },  [RLIMIT_AS] = { "Max address space", "bytes" },
	[RLIMIT_LOCKS] = { "Max file locks", "locks" },       [RLIMIT_SIGPENDING] = { "Max pending signals", "signals" },
	[RLIMIT_MSGQUEUE] = { "Max msgqueue size", "bytes" }, [RLIMIT_NICE] = { "Max nice priority", "" },
	[RLIMIT_RTPRIO] = { "Max realtime priority", "" },    [RLIMIT_RTTIME] = { "Max realtime timeout", "us" },
};

static void show_value(struct seq *s, uint64_t value)
{
	if (value == RLIM_INFINITY)
		seq_printf(s, "%-21s", "unlimited");
	else
		seq_printf(s, "%-21llu", (unsigned long long)value);
}

static void show_limits(struct seq *s, void *arg __unused)
{
	seq_printf(s, "%-26s%-21s%-21s%-10s\n", "Limit", "Soft Limit", "Hard Limit", "Units");
	for (int i = 0; i < RLIMIT_COUNT; i++) {
		struct rlimit64 limit = limits_get(i);

		seq_printf(s, "%-26s", rows[i].name);
		show_value(s, limit.soft);
		show_value(s, limit.hard);
		seq_printf(s, "%-10s\n", rows[i].unit);
	}
}

static int procfs_limits(void)
{
	return procfs_file("1/limits", show_limits, NULL);
}
INITCALL(INIT_PROCESS, procfs_limits);
