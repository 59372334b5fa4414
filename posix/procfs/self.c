/* SPDX-License-Identifier: BSD-3-Clause */
/* /proc/self: the one process, 1. Formats are those of proc(5). */
#include <core/alloc.h>
#include <core/boot.h>
#include <core/errno.h>
#include <core/init.h>
#include <core/procfs.h>
#include <core/string.h>
#include <core/thread.h>
#include <core/time.h>
#include <core/vmem.h>
#include <posix/fd.h>

#define TICK (NSEC_PER_SEC / 100)
#define AT_NULL 0

static int add_one(struct thread *t __unused, void *count)
{
	unsigned *n = count;

	++*n;
	return 0;
}

static unsigned count_threads(void)
{
	unsigned n = 0;

	spin_lock(&threads_lock);
	thread_for_each(add_one, &n)
		;
	spin_unlock(&threads_lock);
	return n;
}

/* Reserved, in pages. */
static size_t pages_reserved(void)
{
	struct vmem_region r = { .end = 0 };
	size_t sum = 0;

	while (vmem_region_at(r.end, &r))
		sum += (r.end - r.start) / PAGE_SIZE;
	return sum;
}

static size_t pages_used(void)
{
	return page_total() - page_available();
}

static void show_status(struct seq *s, void *arg __unused)
{
	seq_printf(s, "Name:\t%s\nUmask:\t0022\nState:\tR (running)\n", thread_name(thread_self()));
	seq_printf(s, "Tgid:\t1\nNgid:\t0\nPid:\t1\nPPid:\t0\nTracerPid:\t0\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n");
	seq_printf(s, "FDSize:\t%u\nGroups:\t \n", fd_limit);
	seq_printf(s, "VmSize:\t%8zu kB\nVmRSS:\t%8zu kB\n", pages_reserved() * 4, pages_used() * 4);
	seq_printf(s, "Threads:\t%u\nCpus_allowed:\t1\nCpus_allowed_list:\t0\n", count_threads());
}

static void show_stat(struct seq *s, void *arg __unused)
{
	seq_printf(s, "1 (%s) R 0 1 1 0 -1 0 0 0 0 0 %llu 0 0 0 20 0 %u 0 0 %zu %zu", thread_name(thread_self()),
	           (unsigned long long)(sched_cpu_time() / TICK), count_threads(), pages_reserved() * PAGE_SIZE, pages_used());
	/* The fields from rsslim on: no limit, then addresses, signals and the like that are not told. */
	seq_printf(s, " 18446744073709551615");
	for (int field = 26; field <= 52; field++)
		seq_printf(s, field == 38 ? " 17" : " 0");
	seq_printf(s, "\n");
}

static void show_statm(struct seq *s, void *arg __unused)
{
	seq_printf(s, "%zu %zu 0 0 0 %zu 0\n", pages_reserved(), pages_used(), pages_used());
}

static void show_comm(struct seq *s, void *arg __unused)
{
	seq_printf(s, "%s\n", thread_name(thread_self()));
}

/* A list of strings, each with its zero. */
static void show_strings(struct seq *s, void *arg)
{
	char ***strings = arg;

	for (char **p = *strings; p && *p; p++)
		seq_write(s, *p, strlen(*p) + 1);
}

static void show_auxv(struct seq *s, void *arg __unused)
{
	const unsigned long *p = boot_auxv;

	while (p && *p != AT_NULL)
		p += 2;
	if (p)
		seq_write(s, boot_auxv, (size_t)(p + 2 - boot_auxv) * sizeof(*p));
}

#ifdef CONFIG_CORE_PROCESSES
#define add_exe() 0 /* each process has its own: fds.c */
#else
static int add_exe(void)
{
	char *path = kmalloc(strlen(boot_argv[0]) + 2);

	if (!path)
		return -ENOMEM;
	path[0] = '/';
	strlcpy(path + 1, boot_argv[0], strlen(boot_argv[0]) + 1);
	return procfs_link("1/exe", path);
}
#endif

static int procfs_self(void)
{
	static const struct {
		const char *path;
		procfs_show show;
		void *arg;
	} files[] = {
		{ "1/auxv", show_auxv, NULL },     { "1/cmdline", show_strings, &boot_argv },
		{ "1/comm", show_comm, NULL },     { "1/environ", show_strings, &boot_environment },
		{ "1/stat", show_stat, NULL },     { "1/statm", show_statm, NULL },
		{ "1/status", show_status, NULL },
	};
	int ret = add_exe();

	for (size_t i = 0; i < ARRAY_SIZE(files) && !ret; i++)
		ret = procfs_file(files[i].path, files[i].show, files[i].arg);
	return ret ? ret : procfs_link("self", "1");
}

INITCALL(INIT_PROCESS, procfs_self);
