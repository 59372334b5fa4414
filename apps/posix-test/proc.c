/* SPDX-License-Identifier: BSD-3-Clause */
/* What programs read about themselves and the machine: /proc, /dev/fd, /etc, the auxiliary vector. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "test.h"

static char text[65536];

/* The whole of @path in @text, with a zero at the end; -1 if that fails. */
static int slurp(const char *path)
{
	int fd = open(path, O_RDONLY), len = 0, n;

	if (fd < 0)
		return -1;
	while ((n = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += n;
	text[len] = 0;
	close(fd);
	return n < 0 ? -1 : len;
}

static bool is_mapped(const void *p, const char *prot)
{
	unsigned long start, end;
	char have[8];

	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		if (sscanf(line, "%lx-%lx %4s", &start, &end, have) == 3 && start <= (unsigned long)p && (unsigned long)p < end)
			return !strncmp(have, prot, 3);
	return false;
}

static void maps(void)
{
	static int data = 1;
	char *p = mmap(NULL, 12288, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(p != MAP_FAILED);
	CHECK(slurp("/proc/self/maps") > 0);
	CHECK(is_mapped(p, "r--"));
	CHECK(slurp("/proc/self/maps") > 0);
	CHECK(is_mapped(&data, "rw-"));
	CHECK(slurp("/proc/self/maps") > 0);
	CHECK(is_mapped((void *)maps, "r-x"));
	CHECK_EQ(munmap(p, 12288), 0);
	CHECK(slurp("/proc/self/maps") > 0);
	CHECK(!is_mapped(p, "r--"));
}

static void self(void)
{
	char name[64], exe[256];
	unsigned long pages;
	int n, pid;

	CHECK((n = readlink("/proc/self", name, sizeof(name) - 1)) > 0);
	name[n] = 0;
	CHECK_EQ(atoi(name), getpid());
	CHECK(slurp("/proc/self/stat") > 0);
	CHECK_EQ(sscanf(text, "%d (%63[^)]) R", &pid, name), 2);
	CHECK_EQ(pid, getpid());
	n = 1; /* the name may hold blanks, the rest does not */
	for (char *p = strrchr(text, ')'); *p; p++)
		n += *p == ' ';
	CHECK_EQ(n + 1, 52);
	CHECK(slurp("/proc/self/statm") > 0);
	CHECK(sscanf(text, "%lu", &pages) == 1 && pages > 0);
	CHECK(slurp("/proc/self/status") > 0);
	CHECK(strstr(text, "\nPid:\t") && strstr(text, "\nThreads:\t") && strstr(text, "\nVmRSS:\t"));
	CHECK(slurp("/proc/self/cmdline") > 1);
	CHECK((n = readlink("/proc/self/exe", exe, sizeof(exe))) > 1);
	CHECK_EQ(exe[0], '/');
	CHECK(slurp("/proc/self/limits") > 0);
	CHECK(strstr(text, "Max open files"));
	CHECK(slurp("/proc/self/environ") >= 0);
}

static void machine(void)
{
	struct utsname uts;
	double up, idle;
	unsigned long kb;
	char *p;

	CHECK(slurp("/proc/meminfo") > 0);
	CHECK_EQ(sscanf(text, "MemTotal: %lu kB", &kb), 1);
	CHECK(strstr(text, "\nMemFree:") && strstr(text, "\nMemAvailable:") && strstr(text, "\nSwapTotal:"));
	CHECK(slurp("/proc/cpuinfo") > 0);
	CHECK(!strncmp(text, "processor\t: 0\n", 14));
	CHECK((p = strstr(text, "\nflags\t\t: ")));
	CHECK(strstr(p, " sse2 ") && strstr(p, " fpu "));
	CHECK(slurp("/proc/stat") > 0);
	CHECK(!strncmp(text, "cpu  ", 5) && strstr(text, "\ncpu0 ") && strstr(text, "\nbtime "));
	CHECK(slurp("/proc/uptime") > 0);
	CHECK_EQ(sscanf(text, "%lf %lf", &up, &idle), 2);
	CHECK(up > 0);
	CHECK(slurp("/proc/loadavg") > 0);
	CHECK(slurp("/proc/mounts") > 0);
	CHECK(strstr(text, " / ") && strstr(text, " /proc proc "));
	CHECK(slurp("/proc/filesystems") > 0);
	CHECK_EQ(uname(&uts), 0);
	CHECK(slurp("/proc/sys/kernel/osrelease") > 0);
	CHECK_EQ(strncmp(text, uts.release, strlen(uts.release)), 0);
	CHECK(slurp("/proc/sys/kernel/ostype") > 0);
	CHECK_EQ(strcmp(text, "Linux\n"), 0);
	CHECK(slurp("/proc/version") > 0);
	CHECK_EQ(strncmp(text, "Linux version ", 14), 0);
	CHECK_EQ(slurp("/proc/sys/kernel/random/uuid"), 37);
	CHECK_EQ(slurp("/proc/sys/kernel/random/boot_id"), 37);
}

static void tree(void)
{
	struct statfs fs;
	struct stat st;
	char c;
	int fd;

	CHECK_EQ(stat("/proc/version", &st), 0);
	CHECK(S_ISREG(st.st_mode) && st.st_size == 0);
	CHECK_EQ(statfs("/proc", &fs), 0);
	CHECK_EQ(fs.f_type, 0x9fa0);
	fd = open("/proc/version", O_RDONLY);
	CHECK(fd >= 0);
	CHECK_EQ(pread(fd, &c, 1, 1), 1);
	CHECK_EQ(c, 'i');
	CHECK_EQ(read(fd, &c, 1), 1);
	CHECK_EQ(c, 'L');
	CHECK_EQ(lseek(fd, 0, SEEK_CUR), 1);
	CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
	CHECK_EQ(read(fd, &c, 1), 1);
	CHECK_EQ(c, 'L');
	CHECK(mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED);
	close(fd);
	CHECK_ERR(open("/proc/none", O_RDONLY), ENOENT);
	CHECK_ERR(mkdir("/proc/none", 0700), ENOENT);
	CHECK_ERR(mkdir("/proc/self/fd/7777", 0700), ENOENT);
	CHECK_ERR(symlink("a", "/proc/none"), ENOENT);
	CHECK_ERR(rename("/proc/version", "/proc/none"), ENOENT);
	CHECK(unlink("/proc/version") == -1 && (errno == EPERM || errno == EACCES));
	CHECK_ERR(open("/proc/none", O_RDWR | O_CREAT, 0600), ENOENT);
}

static int count_entries(const char *path)
{
	DIR *d = opendir(path);
	int n = 0;

	while (d && readdir(d))
		n++;
	if (d)
		closedir(d);
	return n;
}

static void descriptors(void)
{
	char path[32], link[64];
	int p[2], fd, again, n, before = count_entries("/proc/self/fd");
	struct stat st, lst;
	char c;

	CHECK(before > 5); /* dots, three standard ones, the folder itself */
	fd = open("/tmp/seen", O_CREAT | O_RDWR | O_TRUNC, 0600);
	CHECK(fd >= 0);
	CHECK_EQ(count_entries("/proc/self/fd"), before + 1);
	CHECK_EQ(write(fd, "abc", 3), 3);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	CHECK((n = readlink(path, link, sizeof(link) - 1)) > 0);
	link[n] = 0;
	CHECK_EQ(strcmp(link, "/tmp/seen"), 0);
	CHECK_EQ(lstat(path, &lst), 0);
	CHECK(S_ISLNK(lst.st_mode));
	CHECK_EQ(stat(path, &st), 0);
	CHECK(S_ISREG(st.st_mode) && st.st_size == 3);
	again = open(path, O_RDONLY); /* a file of its own: at the start */
	CHECK(again >= 0);
	CHECK_EQ(read(again, &c, 1), 1);
	CHECK_EQ(c, 'a');
	close(again);
	CHECK_EQ(unlink("/tmp/seen"), 0);
	again = open(path, O_RDONLY); /* also without a name */
	CHECK(again >= 0);
	close(again);
	close(fd);
	CHECK_ERR(open(path, O_RDONLY), ENOENT);
	CHECK_EQ(pipe(p), 0);
	snprintf(path, sizeof(path), "/dev/fd/%d", p[0]);
	CHECK((n = readlink(path, link, sizeof(link) - 1)) > 0);
	CHECK_EQ(strncmp(link, "pipe:[", 6), 0);
	close(p[0]);
	close(p[1]);
	CHECK_ERR(readlink("/proc/self/fd/x", link, sizeof(link)), ENOENT);
	CHECK((n = readlink("/dev/stdin", link, sizeof(link))) > 0);
}

/* A pipe is opened again by the name of either end, for either direction, and no opening waits. */
static void pipe_by_name(void)
{
	char path[32], text[8];
	struct stat st, st2;
	int p[2], w, r;

	CHECK_EQ(pipe(p), 0);
	CHECK_EQ(fstat(p[0], &st), 0);
	CHECK_EQ(fstat(p[1], &st2), 0);
	CHECK_EQ(st.st_ino, st2.st_ino);
	snprintf(path, sizeof(path), "/dev/fd/%d", p[0]);
	CHECK_EQ(stat(path, &st), 0);
	CHECK(S_ISFIFO(st.st_mode));
	w = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	CHECK(w >= 0);
	close(p[1]);
	CHECK_EQ(write(w, "text", 4), 4);
	close(p[0]);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", w);
	r = open(path, O_RDONLY | O_NONBLOCK);
	CHECK(r >= 0);
	CHECK_EQ(read(r, text, sizeof(text)), 4);
	CHECK_ERR(read(r, text, 1), EAGAIN);
	close(w);
	CHECK_EQ(read(r, text, 1), 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", r);
	w = open(path, O_WRONLY | O_NONBLOCK);
	CHECK(w >= 0);
	CHECK_EQ(write(w, "more", 4), 4);
	CHECK_EQ(read(r, text, sizeof(text)), 4);
	close(r);
	close(w);
}

/* Its node outlives it, empty. */
static void node_of_a_pipe(void)
{
	char path[32];
	struct stat st;
	int p[2], node;

	CHECK_EQ(pipe(p), 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", p[1]);
	node = open(path, O_PATH);
	CHECK(node >= 0);
	close(p[0]);
	close(p[1]);
	CHECK_EQ(fstat(node, &st), 0);
	CHECK(S_ISFIFO(st.st_mode));
	close(node);
}

static void linking_by_fd(void)
{
	char path[32];
	struct stat st;
	int fd = open("/tmp", O_TMPFILE | O_RDWR, 0600);

	CHECK(fd >= 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	CHECK_EQ(linkat(AT_FDCWD, path, AT_FDCWD, "/tmp/linked", AT_SYMLINK_FOLLOW), 0);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_nlink, 1);
	CHECK_EQ(unlink("/tmp/linked"), 0);
	close(fd);
}

static void working_directory(void)
{
	char link[64];
	struct stat a, b;
	int n;

	CHECK_EQ(mkdir("/tmp/wd", 0700), 0);
	CHECK_EQ(chdir("/tmp/wd"), 0);
	CHECK((n = readlink("/proc/self/cwd", link, sizeof(link) - 1)) > 0);
	link[n] = 0;
	CHECK_EQ(strcmp(link, "/tmp/wd"), 0);
	CHECK_EQ(stat("/proc/self/cwd/..", &a), 0);
	CHECK_EQ(stat("/tmp", &b), 0);
	CHECK_EQ(a.st_ino, b.st_ino);
	CHECK_EQ(chdir("/tmp"), 0);
	CHECK_EQ(rmdir("/tmp/wd"), 0);
	CHECK_EQ(stat("/proc/self/root/tmp", &a), 0);
	CHECK_EQ(a.st_ino, b.st_ino);
}

static void users(void)
{
	struct passwd *pw = getpwuid(0);
	struct group *gr = getgrgid(0);

	CHECK(pw && !strcmp(pw->pw_name, "root") && pw->pw_dir[0] == '/');
	CHECK(gr && !strcmp(gr->gr_name, "root"));
	pw = getpwnam("nobody");
	CHECK(pw && pw->pw_uid == 65534);
	CHECK(slurp("/etc/hosts") > 0);
	CHECK(strstr(text, "localhost"));
	CHECK(slurp("/etc/passwd") > 0);
}

static void auxiliary(void)
{
	unsigned long words[64];
	int fd = open("/proc/self/auxv", O_RDONLY);
	int n = read(fd, words, sizeof(words)) / 16, i = 0;

	close(fd);
	CHECK(n > 10);
	while (i < n && words[2 * i] != AT_PAGESZ)
		i++;
	CHECK(i < n && words[2 * i + 1] == 4096);
	CHECK_EQ(words[2 * n - 2], AT_NULL);
	CHECK_EQ(getauxval(AT_PAGESZ), 4096);
	CHECK_EQ(getauxval(AT_CLKTCK), 100);
	CHECK_EQ(getauxval(AT_SECURE), 0);
	CHECK_EQ(getauxval(AT_UID), getuid());
	CHECK(!strcmp((char *)getauxval(AT_PLATFORM), "x86_64"));
	CHECK(getauxval(AT_HWCAP));
	CHECK(getauxval(AT_RANDOM));
	CHECK(getauxval(AT_MINSIGSTKSZ) >= 1024);
	CHECK(getauxval(AT_EXECFN) && getauxval(AT_PHDR) && getauxval(AT_PHNUM) > 0);
}

const struct test proc_tests[] = {
	{ "maps", maps },
	{ "self", self },
	{ "machine", machine },
	{ "tree", tree },
	{ "descriptors", descriptors },
	{ "pipe-by-name", pipe_by_name },
	{ "node-of-a-pipe", node_of_a_pipe },
	{ "linking_by_fd", linking_by_fd },
	{ "working_directory", working_directory },
	{ "users", users },
	{ "auxiliary", auxiliary },
	{ 0 },
};
