/* SPDX-License-Identifier: BSD-3-Clause */
/* Directories and names: walks, links, renaming. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "test.h"

#define D "/tmp/posix-test-dir"
#define NOREPLACE 1 /* RENAME_NOREPLACE */

static int touch(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0644);

	return fd < 0 ? -1 : close(fd);
}

/* A fresh, empty D; what an earlier test left is in known places. */
static void clean(void)
{
	DIR *d = opendir(D);
	struct dirent *e;

	while (d && (e = readdir(d))) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		if (unlinkat(dirfd(d), e->d_name, 0))
			unlinkat(dirfd(d), e->d_name, AT_REMOVEDIR);
	}
	if (d)
		closedir(d);
	mkdir(D, 0755);
}

static void make_remove(void)
{
	struct stat st;

	clean();
	CHECK_ERR(mkdir(D, 0755), EEXIST);
	CHECK_EQ(mkdir(D "/a/", 0700), 0);
	CHECK_EQ(stat(D, &st), 0);
	CHECK(S_ISDIR(st.st_mode));
	CHECK_EQ(touch(D "/a/f"), 0);
	CHECK_ERR(rmdir(D "/a"), ENOTEMPTY);
	CHECK_ERR(rmdir(D "/a/f"), ENOTDIR);
	CHECK_ERR(unlink(D "/a/f/"), ENOTDIR);
	CHECK_EQ(unlink(D "/a/f"), 0);
	CHECK_ERR(unlink(D "/a"), EISDIR);
	CHECK_ERR(rmdir(D "/a/."), EINVAL);
	CHECK_EQ(rmdir(D "/a"), 0);
	CHECK_ERR(rmdir(D "/a"), ENOENT);
	CHECK_ERR(mkdir(D "/x/y", 0755), ENOENT);
	CHECK_ERR(rmdir("/"), EBUSY);
}

static void listing(void)
{
	bool seen[300] = { false };
	char name[64];
	struct dirent *e;
	int n = 0;
	DIR *d;

	clean();
	for (int i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), D "/%d-some-longer-name-to-fill-buffers", i);
		CHECK_EQ(touch(name), 0);
	}
	d = opendir(D);
	CHECK(d);
	while ((e = readdir(d))) {
		n++;
		if (e->d_name[0] == '.')
			CHECK_EQ(e->d_type, DT_DIR);
		else
			seen[atoi(e->d_name)] = true;
	}
	CHECK_EQ(n, 302);
	for (int i = 0; i < 300; i++)
		CHECK(seen[i]);
	rewinddir(d);
	CHECK(readdir(d));
	closedir(d);
	clean();
}

/* Removing entries while reading must neither skip nor repeat the others. */
static void removal_while_listing(void)
{
	char name[64];
	struct dirent *e;
	int n = 0;
	DIR *d;

	clean();
	for (int i = 0; i < 200; i++) {
		snprintf(name, sizeof(name), D "/%d", i);
		touch(name);
	}
	d = opendir(D);
	while ((e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		n++;
		CHECK_EQ(unlinkat(dirfd(d), e->d_name, 0), 0);
	}
	closedir(d);
	CHECK_EQ(n, 200);
}

static void working_directory(void)
{
	char buf[PATH_MAX], small[4];
	int fd;

	clean();
	mkdir(D "/sub", 0755);
	CHECK_EQ(chdir(D "/sub"), 0);
	CHECK(getcwd(buf, sizeof(buf)) && !strcmp(buf, D "/sub"));
	CHECK(!getcwd(small, sizeof(small)) && errno == ERANGE);
	CHECK_EQ(touch("here"), 0);
	CHECK_EQ(access(D "/sub/here", F_OK), 0);
	CHECK_EQ(chdir(".."), 0);
	CHECK(getcwd(buf, sizeof(buf)) && !strcmp(buf, D));
	CHECK_ERR(chdir("sub/here"), ENOTDIR);
	fd = open("/", O_RDONLY | O_DIRECTORY);
	CHECK_EQ(fchdir(fd), 0);
	CHECK(getcwd(buf, sizeof(buf)) && !strcmp(buf, "/"));
	close(fd);
	CHECK_EQ(unlink(D "/sub/here"), 0);
	CHECK(realpath("/tmp/../tmp/./posix-test-dir/sub/..", buf) && !strcmp(buf, D));
}

static void relative(void)
{
	struct stat st;
	int fd;

	clean();
	fd = open(D, O_RDONLY | O_DIRECTORY);
	CHECK_EQ(mkdirat(fd, "a", 0755), 0);
	CHECK_EQ(close(openat(fd, "a/f", O_CREAT | O_WRONLY, 0600)), 0);
	CHECK_EQ(fstatat(fd, "a/f", &st, 0), 0);
	CHECK_EQ(fstatat(fd, "", &st, AT_EMPTY_PATH), 0);
	CHECK(S_ISDIR(st.st_mode));
	CHECK_EQ(faccessat(fd, "a/f", R_OK, 0), 0);
	CHECK_EQ(renameat(fd, "a/f", fd, "g"), 0);
	CHECK_ERR(openat(fd, "a/f", O_RDONLY), ENOENT);
	CHECK_ERR(openat(999, "a", O_RDONLY), EBADF);
	CHECK_EQ(unlinkat(fd, "a", AT_REMOVEDIR), 0);
	CHECK_EQ(unlinkat(fd, "g", 0), 0);
	CHECK_ERR(write(fd, "x", 1), EBADF);
	CHECK_ERR(read(fd, &st, 1), EISDIR);
	close(fd);
}

static void removed_directory(void)
{
	char buf[64];

	clean();
	mkdir(D "/gone", 0755);
	CHECK_EQ(chdir(D "/gone"), 0);
	CHECK_EQ(rmdir(D "/gone"), 0);
	CHECK_ERR(open("x", O_CREAT | O_WRONLY, 0644), ENOENT);
	CHECK(!getcwd(buf, sizeof(buf)) && errno == ENOENT);
	CHECK_EQ(chdir("/"), 0);
}

static void symbolic_links(void)
{
	char buf[32] = { 0 };
	struct stat st;

	clean();
	touch(D "/f");
	CHECK_EQ(symlink("f", D "/l"), 0);
	CHECK_ERR(symlink("f", D "/l"), EEXIST);
	CHECK_EQ(readlink(D "/l", buf, sizeof(buf)), 1);
	CHECK(!strcmp(buf, "f"));
	CHECK_ERR(readlink(D "/f", buf, sizeof(buf)), EINVAL);
	CHECK_EQ(lstat(D "/l", &st), 0);
	CHECK(S_ISLNK(st.st_mode) && st.st_size == 1);
	CHECK_EQ(stat(D "/l", &st), 0);
	CHECK(S_ISREG(st.st_mode));
	CHECK_ERR(open(D "/l", O_RDONLY | O_NOFOLLOW), ELOOP);
	CHECK_EQ(symlink(D "/b", D "/a"), 0);
	CHECK_EQ(symlink(D "/a", D "/b"), 0);
	CHECK_ERR(open(D "/a", O_RDONLY), ELOOP);
	CHECK_ERR(stat(D "/a/x", &st), ELOOP);
	CHECK_EQ(symlink("missing", D "/d"), 0);
	CHECK_ERR(stat(D "/d", &st), ENOENT);
	CHECK_ERR(open(D "/d", O_RDWR | O_CREAT | O_EXCL, 0644), EEXIST);
	CHECK_EQ(touch(D "/d"), 0);
	CHECK_EQ(stat(D "/missing", &st), 0);
	CHECK_EQ(unlink(D "/d"), 0);
	CHECK_EQ(stat(D "/missing", &st), 0);
	CHECK_ERR(symlink("", D "/e"), ENOENT);
	clean();
}

static void hard_links(void)
{
	struct stat st;

	clean();
	touch(D "/f");
	CHECK_EQ(link(D "/f", D "/g"), 0);
	CHECK_EQ(stat(D "/g", &st), 0);
	CHECK_EQ(st.st_nlink, 2);
	CHECK_ERR(link(D "/f", D "/g"), EEXIST);
	CHECK_ERR(link(D, D "/h"), EPERM);
	CHECK_ERR(link(D "/f", "/dev/posix-test"), EXDEV);
	CHECK_EQ(unlink(D "/f"), 0);
	CHECK_EQ(stat(D "/g", &st), 0);
	CHECK_EQ(st.st_nlink, 1);
	clean();
}

static void renaming(void)
{
	struct stat st;

	clean();
	touch(D "/f");
	touch(D "/g");
	mkdir(D "/d", 0755);
	mkdir(D "/d/sub", 0755);
	CHECK_EQ(rename(D "/f", D "/g"), 0);
	CHECK_ERR(stat(D "/f", &st), ENOENT);
	CHECK_ERR(rename(D "/g", D "/d"), EISDIR);
	CHECK_ERR(rename(D "/d", D "/g"), ENOTDIR);
	CHECK_ERR(rename(D "/d", D "/d/sub/x"), EINVAL);
	CHECK_ERR(rename(D "/none", D "/x"), ENOENT);
	CHECK_ERR(rename(D "/g", "/dev/posix-test"), EXDEV);
	mkdir(D "/e", 0755);
	CHECK_EQ(rename(D "/d", D "/e"), 0); /* an empty directory may be replaced */
	CHECK_EQ(stat(D "/e/sub", &st), 0);
	mkdir(D "/h", 0755);
	CHECK_ERR(rename(D "/h", D "/e"), ENOTEMPTY);
	CHECK_ERR(syscall(SYS_renameat2, AT_FDCWD, D "/h", AT_FDCWD, D "/g", NOREPLACE), EEXIST);
	CHECK_EQ(link(D "/g", D "/g2"), 0);
	CHECK_EQ(rename(D "/g", D "/g2"), 0); /* one file: nothing happens */
	CHECK_EQ(stat(D "/g", &st), 0);
	CHECK_EQ(rmdir(D "/e/sub"), 0);
	clean();
}

static void long_names(void)
{
	char name[300] = D "/";
	size_t n = strlen(name);

	clean();
	memset(name + n, 'n', 256);
	CHECK_ERR(touch(name), ENAMETOOLONG);
	name[n + 255] = 0;
	CHECK_EQ(touch(name), 0);
	CHECK_EQ(unlink(name), 0);
}

const struct test dirs_tests[] = {
	{ "make_remove", make_remove },
	{ "listing", listing },
	{ "removal_while_listing", removal_while_listing },
	{ "working_directory", working_directory },
	{ "relative", relative },
	{ "removed_directory", removed_directory },
	{ "symbolic_links", symbolic_links },
	{ "hard_links", hard_links },
	{ "renaming", renaming },
	{ "long_names", long_names },
	{ 0 },
};
