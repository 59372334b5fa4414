/* SPDX-License-Identifier: BSD-3-Clause */
/* /proc/cpuinfo, from CPUID (Intel SDM volume 2A). A flag has the name that Linux gives it. */
#include <core/base.h>
#include <core/init.h>
#include <core/procfs.h>
#include <core/string.h>
#include <cpuid.h>

static const char *const leaf1_edx[32] = {
	"fpu",  "vme",  "de",   "pse", "tsc",  "msr", "pae",   "mce", "cx8",     "apic", NULL,
	"sep",  "mtrr", "pge",  "mca", "cmov", "pat", "pse36", "pn",  "clflush", NULL,   "dts",
	"acpi", "mmx",  "fxsr", "sse", "sse2", "ss",  "ht",    "tm",  "ia64",    "pbe",
};
static const char *const leaf1_ecx[32] = {
	"pni",    "pclmulqdq",  "dtes64",  "monitor", "ds_cpl",
	"vmx",    "smx",        "est",     "tm2",     "ssse3",
	"cid",    "sdbg",       "fma",     "cx16",    "xtpr",
	"pdcm",   NULL,         "pcid",    "dca",     "sse4_1",
	"sse4_2", "x2apic",     "movbe",   "popcnt",  "tsc_deadline_timer",
	"aes",    "xsave",      "osxsave", "avx",     "f16c",
	"rdrand", "hypervisor",
};
static const char *const leaf7_ebx[32] = {
	[0] = "fsgsbase", [3] = "bmi1",    [5] = "avx2", [7] = "smep",  [8] = "bmi2",        [9] = "erms",
	[16] = "avx512f", [18] = "rdseed", [19] = "adx", [20] = "smap", [23] = "clflushopt", [29] = "sha_ni",
};
static const char *const extended_edx[32] = { [11] = "syscall", [20] = "nx", [26] = "pdpe1gb", [27] = "rdtscp", [29] = "lm" };
static const char *const extended_ecx[32] = { [0] = "lahf_lm", [5] = "abm", [6] = "sse4a" };

static void show_flags(struct seq *s, unsigned bits, const char *const *names)
{
	for (unsigned i = 0; i < 32; i++)
		if ((bits >> i & 1) && names[i])
			seq_printf(s, " %s", names[i]);
}

static void show_vendor(struct seq *s)
{
	unsigned a, vendor[3] = { 0 };
	char text[sizeof(vendor) + 1] = "";

	__get_cpuid(0, &a, &vendor[0], &vendor[2], &vendor[1]);
	memcpy(text, vendor, sizeof(vendor));
	seq_printf(s, "vendor_id\t: %s", text);
}

static void show_model_name(struct seq *s)
{
	unsigned name[12] = { 0 };
	char text[sizeof(name) + 1] = "";

	for (unsigned i = 0; i < 3; i++)
		__get_cpuid(0x80000002 + i, &name[4 * i], &name[4 * i + 1], &name[4 * i + 2], &name[4 * i + 3]);
	memcpy(text, name, sizeof(name));
	seq_printf(s, "model name\t: %s\n", text);
}

static void show_cpuinfo(struct seq *s, void *arg __unused)
{
	unsigned a = 0, b = 0, c = 0, d = 0, family, model;

	__get_cpuid(1, &a, &b, &c, &d);
	family = a >> 8 & 15;
	model = a >> 4 & 15;
	if (family == 6 || family == 15)
		model |= a >> 12 & 0xf0;
	if (family == 15)
		family += a >> 20 & 0xff;
	seq_printf(s, "processor\t: 0\n");
	show_vendor(s);
	seq_printf(s, "\ncpu family\t: %u\nmodel\t\t: %u\n", family, model);
	show_model_name(s);
	seq_printf(s, "stepping\t: %u\nphysical id\t: 0\nsiblings\t: 1\ncore id\t\t: 0\ncpu cores\t: 1\nflags\t\t:", a & 15);
	show_flags(s, d, leaf1_edx);
	show_flags(s, c, leaf1_ecx);
	if (__get_cpuid_count(7, 0, &a, &b, &c, &d))
		show_flags(s, b, leaf7_ebx);
	if (__get_cpuid(0x80000001, &a, &b, &c, &d)) {
		show_flags(s, d, extended_edx);
		show_flags(s, c, extended_ecx);
	}
	seq_printf(s, "\nclflush size\t: 64\ncache_alignment\t: 64\n\n");
}

static int procfs_cpuinfo(void)
{
	return procfs_file("cpuinfo", show_cpuinfo, NULL);
}

INITCALL(INIT_PROCESS, procfs_cpuinfo);
