/* SPDX-License-Identifier: BSD-3-Clause */
/* /proc/version and the settings under /proc/sys that programs read. */
#include <core/alloc.h>
#include <core/init.h>
#include <core/procfs.h>
#include <core/random.h>
#include <posix/fd.h>
#include <posix/uts.h>

static void show_line(struct seq *s, void *arg)
{
	const char *text = arg;

	seq_printf(s, "%s\n", text);
}

static void show_files(struct seq *s, void *arg __unused)
{
	seq_printf(s, "%u\n", FD_LIMIT_MAX);
}

/* RFC 4122, version 4: all random. */
static void make_uuid(uint8_t id[16])
{
	random_bytes(id, 16);
	id[6] = (id[6] & 0x0f) | 0x40;
	id[8] = (id[8] & 0x3f) | 0x80;
}

static void print_uuid(struct seq *s, const uint8_t id[16])
{
	for (unsigned i = 0; i < 16; i++)
		seq_printf(s, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", id[i]);
	seq_printf(s, "\n");
}

static void show_uuid(struct seq *s, void *arg __unused)
{
	uint8_t id[16];

	make_uuid(id);
	print_uuid(s, id);
}

static void show_boot_id(struct seq *s, void *arg __unused)
{
	static uint8_t id[16];

	if (!id[6])
		make_uuid(id);
	print_uuid(s, id);
}

static int procfs_kernel(void)
{
	static const struct {
		const char *path;
		procfs_show show;
		char *text;
	} files[] = {
		{ "version", show_line, UTS_SYSNAME " version " UTS_RELEASE " " UTS_VERSION },
		{ "sys/fs/file-max", show_files, NULL },
		{ "sys/fs/nr_open", show_files, NULL },
		{ "sys/fs/pipe-max-size", show_line, "65536" },
		{ "sys/kernel/domainname", show_line, UTS_DOMAINNAME },
		{ "sys/kernel/hostname", show_line, UTS_NODENAME },
		{ "sys/kernel/osrelease", show_line, UTS_RELEASE },
		{ "sys/kernel/ostype", show_line, UTS_SYSNAME },
		{ "sys/kernel/pid_max", show_line, "2147483647" },
		{ "sys/kernel/random/boot_id", show_boot_id, NULL },
		{ "sys/kernel/random/entropy_avail", show_line, "256" },
		{ "sys/kernel/random/uuid", show_uuid, NULL },
		{ "sys/kernel/threads-max", show_line, "2147483647" },
		{ "sys/kernel/version", show_line, UTS_VERSION },
		{ "sys/vm/max_map_count", show_line, "2147483647" },
		{ "sys/vm/overcommit_memory", show_line, "1" },
	};
	int ret = 0;

	for (size_t i = 0; i < ARRAY_SIZE(files) && !ret; i++)
		ret = procfs_file(files[i].path, files[i].show, files[i].text);
	return ret;
}

INITCALL(INIT_PROCESS, procfs_kernel);
