/* SPDX-License-Identifier: BSD-3-Clause */
/* The files of /proc about the machine: its memory, its time, what is mounted. Formats are those of proc(5). */
#include <core/alloc.h>
#include <core/init.h>
#include <core/procfs.h>
#include <core/thread.h>
#include <core/time.h>

#define TICK (NSEC_PER_SEC / 100)

static void show_meminfo(struct seq *s, void *arg __unused)
{
	size_t total = page_total() * 4, free = page_available() * 4;

	seq_printf(s, "MemTotal:       %8zu kB\nMemFree:        %8zu kB\nMemAvailable:   %8zu kB\n", total, free, free);
	seq_printf(s, "Buffers:        %8d kB\nCached:         %8d kB\nSwapCached:     %8d kB\n", 0, 0, 0);
	seq_printf(s, "SwapTotal:      %8d kB\nSwapFree:       %8d kB\n", 0, 0);
	seq_printf(s, "HugePages_Total:   0\nHugePages_Free:    0\nHugepagesize:       2048 kB\n");
}

/* All work is the one program's: "user" and "idle" share the time. */
static void show_stat(struct seq *s, void *arg __unused)
{
	uint64_t now = time_monotonic(), busy = MIN(sched_cpu_time(), now), boot = (time_wall() - now) / NSEC_PER_SEC;
	unsigned long long user = busy / TICK, idle = (now - busy) / TICK;

	seq_printf(s, "cpu  %llu 0 0 %llu 0 0 0 0 0 0\ncpu0 %llu 0 0 %llu 0 0 0 0 0 0\n", user, idle, user, idle);
	seq_printf(s, "intr 0\nctxt 0\nbtime %llu\nprocesses 1\nprocs_running 1\nprocs_blocked 0\n", (unsigned long long)boot);
}

static void show_seconds(struct seq *s, uint64_t ns, char end)
{
	seq_printf(s, "%llu.%02llu%c", (unsigned long long)(ns / NSEC_PER_SEC), (unsigned long long)(ns % NSEC_PER_SEC / TICK),
	           end);
}

static void show_uptime(struct seq *s, void *arg __unused)
{
	uint64_t now = time_monotonic();

	show_seconds(s, now, ' ');
	show_seconds(s, now - MIN(sched_cpu_time(), now), '\n');
}

/* Nobody keeps count. */
static void show_loadavg(struct seq *s, void *arg __unused)
{
	seq_printf(s, "0.00 0.00 0.00 1/1 1\n");
}

static void show_mounts(struct seq *s, void *arg __unused)
{
	seq_printf(
		s,
		"rootfs / rootfs rw 0 0\ndevtmpfs /dev devtmpfs rw,nosuid 0 0\nproc /proc proc ro,nosuid,nodev,noexec 0 0\n");
}

static void show_mountinfo(struct seq *s, void *arg __unused)
{
	seq_printf(s, "1 1 0:1 / / rw - rootfs rootfs rw\n2 1 0:3 / /dev rw,nosuid - devtmpfs devtmpfs rw\n");
	seq_printf(s, "3 1 0:4 / /proc ro,nosuid,nodev,noexec - proc proc ro\n");
}

static void show_filesystems(struct seq *s, void *arg __unused)
{
	seq_printf(s, "nodev\trootfs\nnodev\tdevtmpfs\nnodev\ttmpfs\nnodev\tproc\n");
}

static int procfs_machine(void)
{
	static const struct {
		const char *path;
		procfs_show show;
	} files[] = {
		{ "1/mountinfo", show_mountinfo }, { "1/mounts", show_mounts }, { "filesystems", show_filesystems },
		{ "loadavg", show_loadavg },       { "meminfo", show_meminfo }, { "stat", show_stat },
		{ "uptime", show_uptime },
	};
	int ret = procfs_link("mounts", "self/mounts");

	for (size_t i = 0; i < ARRAY_SIZE(files) && !ret; i++)
		ret = procfs_file(files[i].path, files[i].show, NULL);
	return ret;
}

INITCALL(INIT_PROCESS, procfs_machine);
