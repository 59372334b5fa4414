/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Walks, and operations on names, on the memory file system; each sequence again with the n-th allocation failing.
 * sources: core/vfs/iov.c core/vfs/file.c core/vfs/inode.c core/vfs/notify.c core/vfs/place.c core/vfs/walk.c core/vfs/open.c core/vfs/names.c core/vfs/rename.c core/vfs/dir.c core/ramfs/pages.c core/ramfs/data.c core/ramfs/reserve.c core/ramfs/space.c core/ramfs/map.c core/ramfs/dir.c core/base/tree.c core/ramfs/super.c core/cpio/parse.c core/cpio/unpack.c tests/host/stubs/alloc.c tests/host/stubs/sched.c tests/host/stubs/boot.c
 */
#include <core/errno.h>
#include <core/ramfs.h>
#include <core/string.h>

#include "../../host.h"

static int mk(const char *path, uint32_t mode, const char *target)
{
	struct inode_spec spec = { .mode = mode, .target = target };

	return vfs_make(NULL, path, &spec, NULL);
}

static int exists(const char *path, unsigned flags)
{
	struct inode *inode;
	int ret = vfs_lookup(NULL, path, flags, &inode);

	if (!ret)
		inode_put(inode);
	return ret;
}

static int open_flags(const char *path, unsigned flags)
{
	struct file *f;
	int ret = vfs_open(NULL, path, flags, 0644, &f);

	if (!ret)
		file_put(f);
	return ret;
}

static void test_walk(void)
{
	char name[300];

	CHECK_EQ(mk("/a", S_IFDIR | 0755, NULL), 0);
	CHECK_EQ(mk("/a", S_IFDIR | 0755, NULL), -EEXIST);
	CHECK_EQ(mk("a/b/", S_IFDIR | 0755, NULL), 0);
	CHECK_EQ(mk("/a/f", S_IFREG | 0644, NULL), 0);
	CHECK_EQ(mk("/a/g/", S_IFREG | 0644, NULL), -ENOENT);
	CHECK_EQ(mk("/x/y", S_IFREG | 0644, NULL), -ENOENT);
	CHECK_EQ(mk("/a/f/y", S_IFREG | 0644, NULL), -ENOTDIR);
	CHECK_EQ(exists("", 0), -ENOENT);
	CHECK_EQ(exists(NULL, 0), -EFAULT);
	CHECK_EQ(exists("///", 0), 0);
	CHECK_EQ(exists("/../../a/./b/../f", 0), 0);
	CHECK_EQ(exists("/a/f/", 0), -ENOTDIR);
	CHECK_EQ(exists("/a/f/.", 0), -ENOTDIR);
	CHECK_EQ(exists("/a/nothing/..", 0), -ENOENT);
	memset(name, 'n', sizeof(name));
	name[256] = 0;
	CHECK_EQ(exists(name, 0), -ENAMETOOLONG);
	name[255] = 0;
	CHECK_EQ(exists(name, 0), -ENOENT);
}

static void test_links(void)
{
	CHECK_EQ(mk("/l", S_IFLNK | 0777, "a"), 0);
	CHECK_EQ(mk("/loop1", S_IFLNK | 0777, "loop2"), 0);
	CHECK_EQ(mk("/loop2", S_IFLNK | 0777, "/loop1"), 0);
	CHECK_EQ(mk("/a/up", S_IFLNK | 0777, "../a/b"), 0);
	CHECK_EQ(mk("/dangling", S_IFLNK | 0777, "a/new"), 0);
	CHECK_EQ(exists("/l/f", 0), 0);
	CHECK_EQ(exists("/loop1", 0), 0);
	CHECK_EQ(exists("/loop1", WALK_FOLLOW), -ELOOP);
	CHECK_EQ(exists("/l/up/../f", 0), 0);
	CHECK_EQ(exists("/dangling", WALK_FOLLOW), -ENOENT);
	CHECK_EQ(open_flags("/dangling", O_RDWR | O_CREAT | O_EXCL), -EEXIST);
	CHECK_EQ(open_flags("/dangling", O_RDWR | O_CREAT), 0);
	CHECK_EQ(exists("/a/new", 0), 0);
	CHECK_EQ(open_flags("/l", O_RDONLY | O_NOFOLLOW), -ELOOP);
	CHECK_EQ(open_flags("/l/", O_RDONLY | O_DIRECTORY), 0);
	CHECK_EQ(vfs_link(NULL, "/a/f", 0, NULL, "/f2"), 0);
	CHECK_EQ(vfs_link(NULL, "/a", 0, NULL, "/a2"), -EPERM);
	CHECK_EQ(vfs_link(NULL, "/a/f", 0, NULL, "/f2"), -EEXIST);
}

static void test_open(void)
{
	CHECK_EQ(open_flags("/a", O_RDWR), -EISDIR);
	CHECK_EQ(open_flags("/a", O_RDONLY), 0);
	CHECK_EQ(open_flags("/a", O_RDONLY | O_CREAT), -EISDIR);
	CHECK_EQ(open_flags("/a/f", O_RDONLY | O_DIRECTORY), -ENOTDIR);
	CHECK_EQ(open_flags("/newfile/", O_RDWR | O_CREAT), -EISDIR);
	CHECK_EQ(open_flags("/a/f", O_RDWR | O_CREAT | O_EXCL), -EEXIST);
	CHECK_EQ(open_flags("/a", O_RDWR | O_DIRECTORY | O_TMPFILE_BIT), 0);
}

static void test_rename(void)
{
	CHECK_EQ(vfs_rename(NULL, "/a", NULL, "/a/b/c", 0), -EINVAL);
	CHECK_EQ(vfs_rename(NULL, "/a", NULL, "/f2", 0), -ENOTDIR);
	CHECK_EQ(vfs_rename(NULL, "/f2", NULL, "/a", 0), -EISDIR);
	CHECK_EQ(vfs_rename(NULL, "/f2", NULL, "/a/f", 0), 0); /* the same file: both stay */
	CHECK_EQ(exists("/f2", 0), 0);
	CHECK_EQ(vfs_rename(NULL, "/a/new", NULL, "/f2", RENAME_NOREPLACE), -EEXIST);
	CHECK_EQ(vfs_rename(NULL, "/a/new", NULL, "/f2", 0), 0);
	CHECK_EQ(exists("/a/new", 0), -ENOENT);
	CHECK_EQ(vfs_rename(NULL, "/", NULL, "/z", 0), -EBUSY);
	CHECK_EQ(vfs_rename(NULL, "/a/.", NULL, "/z", 0), -EBUSY);
	CHECK_EQ(vfs_rename(NULL, "/none", NULL, "/z", 0), -ENOENT);
	CHECK_EQ(mk("/full", S_IFDIR | 0755, NULL), 0);
	CHECK_EQ(mk("/full/x", S_IFREG | 0644, NULL), 0);
	CHECK_EQ(vfs_rename(NULL, "/a", NULL, "/full", 0), -ENOTEMPTY);
	CHECK_EQ(vfs_rename(NULL, "/full", NULL, "/a/moved", 0), 0);
	CHECK_EQ(exists("/a/moved/x", 0), 0);
	CHECK_EQ(exists("/a/moved/../f", 0), 0);
}

static void test_path(void)
{
	struct inode *dir;
	char buf[64];

	CHECK_EQ(vfs_lookup(NULL, "/a/moved", 0, &dir), 0);
	CHECK_EQ(vfs_path(dir, buf, sizeof(buf)), 9);
	CHECK(!strcmp(buf, "/a/moved"));
	CHECK_EQ(vfs_path(dir, buf, 8), -ERANGE);
	CHECK_EQ(vfs_unlink(NULL, "/a/moved/x", false), 0);
	CHECK_EQ(vfs_unlink(NULL, "/a/moved", true), 0);
	CHECK_EQ(vfs_path(dir, buf, sizeof(buf)), -ENOENT);
	inode_put(dir);
	CHECK_EQ(vfs_path(vfs_root(), buf, sizeof(buf)), 2);
}

static void test_unlink(void)
{
	CHECK_EQ(vfs_unlink(NULL, "/a", false), -EISDIR);
	CHECK_EQ(vfs_unlink(NULL, "/a", true), -ENOTEMPTY);
	CHECK_EQ(vfs_unlink(NULL, "/a/f", true), -ENOTDIR);
	CHECK_EQ(vfs_unlink(NULL, "/a/f/", false), -ENOTDIR);
	CHECK_EQ(vfs_unlink(NULL, "/a/b/.", true), -EINVAL);
	CHECK_EQ(vfs_unlink(NULL, "/a/b/..", true), -ENOTEMPTY);
	CHECK_EQ(vfs_unlink(NULL, "/", true), -EBUSY);
	CHECK_EQ(vfs_unlink(NULL, "/l/", true), -ENOTDIR);
	CHECK_EQ(vfs_unlink(NULL, "/none", false), -ENOENT);
	CHECK_EQ(vfs_unlink(NULL, "/a/b", true), 0);
}

static ssize_t rw(struct file *f, char *buf, size_t n, off_t at, bool write)
{
	struct iov_iter it;
	struct iovec vec;

	iov_single(&it, &vec, buf, n);
	return write ? file_write(f, &it, &at) : file_read(f, &it, &at);
}

static void test_data(void)
{
	static char model[20 * 4096], buf[20 * 4096];
	off_t size = 0;
	struct file *f;

	CHECK_EQ(vfs_open(NULL, "/data", O_RDWR | O_CREAT, 0644, &f), 0);
	srand(3);
	for (int i = 0; i < 20000; i++) {
		off_t at = rand() % sizeof(model), len = rand() % (sizeof(model) - at);
		ssize_t want;

		switch (rand() % 5) {
		case 0:
			memset(buf, rand(), len);
			CHECK_EQ(rw(f, buf, len, at, true), len);
			memcpy(model + at, buf, len);
			size = len ? MAX(size, at + len) : size;
			break;
		case 1:
			CHECK_EQ(f->ops->truncate(f, at), 0);
			if (at < size)
				memset(model + at, 0, size - at);
			size = at;
			break;
		case 2:
			CHECK_EQ(f->ops->fallocate(f, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, at, len + 1), 0);
			memset(model + at, 0, MIN(len + 1, (off_t)sizeof(model) - at));
			break;
		default:
			want = at < size ? MIN(len, size - at) : 0;
			CHECK_EQ(rw(f, buf, len, at, false), want);
			CHECK(!memcmp(buf, model + at, want));
		}
		CHECK_EQ(f->inode->size, size);
	}
	file_put(f);
	CHECK_EQ(vfs_unlink(NULL, "/data", false), 0);
}

static int count_entry(void *arg, const char *name, size_t len, uint64_t ino, unsigned type, off_t next)
{
	(void)name;
	(void)len;
	(void)ino;
	(void)type;
	(void)next;
	++*(int *)arg;
	return 0;
}

/* Leave only the root, and nothing allocated that was not before. */
static void remove_all(void)
{
	static const char *const files[] = { "/a/f", "/a/up", "/a/new", "/l", "/loop1", "/loop2", "/dangling", "/f2" };
	off_t pos = 0;
	int n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		vfs_unlink(NULL, files[i], false);
	vfs_unlink(NULL, "/a/b", true);
	vfs_unlink(NULL, "/a", true);
	vfs_root()->ops->iterate(vfs_root(), &pos, count_entry, &n);
	CHECK_EQ(n, 0);
}

/* A sequence in which any allocation may fail: nothing leaks, and what failed did nothing. */
static void test_failures(void)
{
	char text[] = "some text";

	for (long n = 0; n < 40; n++) {
		struct file *f;

		host_fail_after = n;
		mk("/a", S_IFDIR | 0755, NULL);
		mk("/l", S_IFLNK | 0777, "a/f");
		if (!vfs_open(NULL, "/l", O_RDWR | O_CREAT, 0644, &f)) {
			rw(f, text, sizeof(text), 1 << 20, true);
			file_put(f);
		}
		vfs_link(NULL, "/l", WALK_FOLLOW, NULL, "/f2");
		vfs_rename(NULL, "/f2", NULL, "/a/new", 0);
		host_fail_after = -1;
		remove_all();
	}
}

int main(void)
{
	struct superblock *sb = ramfs_new(0755, NULL);
	long live;

	vfs_set_root(sb);
	live = host_live;
	test_walk();
	test_links();
	test_open();
	test_rename();
	test_path();
	test_unlink();
	test_data();
	remove_all();
	CHECK_EQ(host_live, live);
	test_failures();
	CHECK_EQ(host_live, live);
	return 0;
}
