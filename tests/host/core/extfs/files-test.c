/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Files and names on disks of each kind that mke2fs makes: as the calls say, the same after a new mount, and e2fsck finds nothing.
 * sources: tests/host/core/extfs/disk.c core/extfs/alloc.c core/extfs/attributes.c core/extfs/cache.c core/extfs/change.c core/extfs/checksum.c core/extfs/claim.c core/extfs/dir.c core/extfs/dirty.c core/extfs/entry.c core/extfs/extent.c core/extfs/file.c core/extfs/group.c core/extfs/inode.c core/extfs/journal.c core/extfs/makejournal.c core/extfs/map.c core/extfs/mount.c core/extfs/names.c core/extfs/orphan.c core/extfs/rename.c core/extfs/replay.c core/extfs/truncate.c core/copymap/map.c core/vfs/iov.c core/vfs/file.c core/vfs/inode.c core/vfs/notify.c core/vfs/place.c core/vfs/walk.c core/vfs/open.c core/vfs/names.c core/vfs/rename.c core/vfs/dir.c core/vfs/path.c core/ramfs/pages.c core/ramfs/data.c core/ramfs/reserve.c core/ramfs/space.c core/ramfs/map.c core/ramfs/dir.c core/ramfs/super.c core/base/tree.c tests/fuzz/stubs/wait.c tests/host/stubs/alloc.c tests/host/stubs/sched.c tests/host/stubs/boot.c
 */
#include <core/errno.h>
#include <core/extfs.h>
#include <core/log.h>
#include <core/string.h>

#include "../../host.h"
#include "disk.h"

#define BIG (3u << 20)

int snprintf(char *buf, size_t n, const char *fmt, ...);
int system(const char *command);

enum log_level log_level = LOG_WARN;
static char big[BIG], back[BIG];

int vprintf(const char *fmt, va_list args);

static bool quiet; /* failures are what is tested */

void log_printf(enum log_level level __unused, const char *fmt, ...)
{
	va_list args;

	if (quiet)
		return;
	va_start(args, fmt);
	printf("# ");
	vprintf(fmt, args);
	printf("\n");
	va_end(args);
}

static void fill(char *buf, size_t n, unsigned seed)
{
	for (size_t i = 0; i < n; i++)
		buf[i] = (char)(i * 7 + i / 255 + seed);
}

static void same(const char *path, const char *data, size_t n)
{
	struct file *f = file_open(path, O_RDONLY);

	CHECK_EQ(f->inode->size, n);
	CHECK_EQ(file_get_at(f, back, BIG, 0), n);
	CHECK(!memcmp(back, data, n));
	file_put(f);
}

static void remount(void)
{
	fs_close();
	disk_check();
	fs_open();
}

static void test_data(void)
{
	struct file *f = file_open("big", O_RDWR | O_CREAT);

	fill(big, BIG, 1);
	CHECK_EQ(file_put_at(f, big, BIG, 0), BIG);
	same("big", big, BIG);
	CHECK_EQ(file_put_at(f, "hole", 4, 2 * BIG), 4);
	CHECK_EQ(inode_truncate(f->inode, BIG - 1000), 0);
	CHECK_EQ(inode_truncate(f->inode, BIG), 0);
	memset(big + BIG - 1000, 0, 1000);
	same("big", big, BIG);
	file_put(f);
	remount();
	same("big", big, BIG);
	f = file_open("big", O_RDWR);
	CHECK_EQ(inode_truncate(f->inode, 12345), 0);
	CHECK_EQ(file_put_at(f, "x", 1, 20000), 1);
	memset(big + 12345, 0, 20000 - 12345);
	big[20000] = 'x';
	same("big", big, 20001);
	file_put(f);
	remount();
	same("big", big, 20001);
	CHECK_EQ(vfs_unlink(fs->root, "big", false), 0);
}

static void test_names(void)
{
	struct inode_spec link = { .mode = S_IFLNK | 0777, .target = "d/f" };
	char name[300], target[200];
	struct inode *inode;
	struct file *f;

	CHECK_EQ(make_dir("d"), 0);
	CHECK_EQ(make_dir("d"), -EEXIST);
	CHECK_EQ(make_dir("d/sub"), 0);
	CHECK_EQ(fs->root->nlink, 4);
	f = file_open("d/f", O_RDWR | O_CREAT | O_EXCL);
	CHECK_EQ(file_put_at(f, "12345", 5, 0), 5);
	CHECK_EQ(vfs_link(fs->root, "d/f", 0, fs->root, "g"), 0);
	CHECK_EQ(vfs_unlink(fs->root, "d", true), -ENOTEMPTY);
	CHECK_EQ(vfs_make(fs->root, "short", &link, NULL), 0);
	memset(target, 'a', 150);
	target[150] = 0;
	link.target = target;
	CHECK_EQ(vfs_make(fs->root, "long", &link, NULL), 0);
	CHECK_EQ(vfs_rename(fs->root, "d/sub", fs->root, "moved", 0), 0);
	CHECK_EQ(vfs_rename(fs->root, "d/f", fs->root, "g", 0), 0); /* one file: nothing happens */
	CHECK_EQ(vfs_rename(fs->root, "d/f", fs->root, "short2", 0), 0);
	CHECK_EQ(vfs_unlink(fs->root, "g", false), 0);
	CHECK_EQ(vfs_unlink(fs->root, "short2", false), 0);
	CHECK_EQ(file_get_at(f, name, 5, 0), 5); /* open, without a name */
	file_put(f);
	memset(name, 'n', 255);
	name[255] = 0;
	file_put(file_open(name, O_RDWR | O_CREAT));
	CHECK_EQ(vfs_rename(fs->root, "moved", fs->root, "short", RENAME_EXCHANGE), 0);
	remount();
	same(name, "", 0);
	CHECK_EQ(vfs_lookup(fs->root, "moved", 0, &inode), 0);
	CHECK_EQ(inode_readlink(inode, name, 100), 3);
	CHECK(!memcmp(name, "d/f", 3));
	inode_put(inode);
	CHECK_EQ(vfs_lookup(fs->root, "long", 0, &inode), 0);
	CHECK_EQ(inode_readlink(inode, name, 300), 150);
	inode_put(inode);
	CHECK_EQ(vfs_unlink(fs->root, "short", true), 0);
	CHECK_EQ(vfs_unlink(fs->root, "d", true), 0);
}

struct listing {
	unsigned count, removed;
	bool remove;
};

static int list(void *arg, const char *name, size_t len, uint64_t ino, unsigned type, off_t next)
{
	struct listing *l = arg;

	(void)name;
	(void)len;
	(void)ino;
	(void)type;
	(void)next;
	l->count++;
	return 0;
}

static unsigned count_names(const char *path)
{
	struct file *f = file_open(path, O_RDONLY | O_DIRECTORY);
	struct listing l = { 0 };
	off_t pos = 0;

	CHECK_EQ(f->ops->iterate(f, &pos, list, &l), 0);
	file_put(f);
	return l.count;
}

static void test_many(void)
{
	char name[40], other[40];

	CHECK_EQ(make_dir("many"), 0);
	for (unsigned i = 0; i < 700; i++) {
		snprintf(name, sizeof(name), "many/a file with the number %u", i);
		file_put(file_open(name, O_RDWR | O_CREAT));
	}
	CHECK_EQ(count_names("many"), 702);
	remount();
	for (unsigned i = 0; i < 700; i += 2) {
		snprintf(name, sizeof(name), "many/a file with the number %u", i);
		CHECK_EQ(vfs_unlink(fs->root, name, false), 0);
		snprintf(name, sizeof(name), "many/a file with the number %u", i + 1);
		snprintf(other, sizeof(other), "many/%u", i);
		CHECK_EQ(vfs_rename(fs->root, name, fs->root, other, 0), 0);
	}
	CHECK_EQ(count_names("many"), 352);
	remount();
	CHECK_EQ(count_names("many"), 352);
}

static void test_attributes(void)
{
	struct inode_change c = {
		CHANGE_MODE | CHANGE_UID | CHANGE_GID | CHANGE_MTIME, 01751, 70000, 80000, 0, 5000000000 * NSEC_PER_SEC + 17
	};
	struct inode_spec node = { .mode = S_IFCHR | 0600, .rdev = dev_make(300, 70000) };
	struct statfs st = { 0 };
	struct inode *inode;

	file_put(file_open("attributes", O_RDWR | O_CREAT));
	CHECK_EQ(vfs_make(fs->root, "node", &node, NULL), 0);
	CHECK_EQ(vfs_lookup(fs->root, "attributes", 0, &inode), 0);
	CHECK_EQ(inode_change(inode, &c), 0);
	inode_put(inode);
	remount();
	CHECK_EQ(vfs_lookup(fs->root, "attributes", 0, &inode), 0);
	CHECK_EQ(inode->mode, S_IFREG | 01751);
	CHECK(inode->uid == 70000 && inode->gid == 80000);
	/* Inodes of 128 bytes end in the year 2038. */
	CHECK(inode->mtime == c.mtime || inode->mtime == 705032704 * NSEC_PER_SEC);
	inode_put(inode);
	CHECK_EQ(vfs_lookup(fs->root, "node", 0, &inode), 0);
	CHECK_EQ(inode->rdev, dev_make(300, 70000));
	inode_put(inode);
	CHECK_EQ(fs->root->ops->statfs(fs, &st), 0);
	CHECK(st.f_bfree && st.f_bfree < st.f_blocks);
}

/* Until the disk is full, twice, with everything gone in between. */
static void test_full(void)
{
	for (unsigned round = 0; round < 2; round++) {
		struct file *f = file_open("full", O_RDWR | O_CREAT);
		ssize_t n, all = 0;

		do {
			n = file_put_at(f, big, BIG, all);
			all += MAX(n, 0);
		} while (n == BIG);
		while (n > 0) {
			n = file_put_at(f, big, 512, all);
			all += MAX(n, 0);
		}
		CHECK_EQ(n, -ENOSPC);
		CHECK_EQ(make_dir("no room"), -ENOSPC);
		file_put(f);
		if (!round)
			remount();
		CHECK_EQ(vfs_unlink(fs->root, "full", false), 0);
	}
	CHECK_EQ(make_dir("room"), 0);
	CHECK_EQ(vfs_unlink(fs->root, "room", true), 0);
}

/* A program may end with files open that have no name. */
static void test_open_at_the_end(void)
{
	struct file *a = file_open("a", O_RDWR | O_CREAT), *b = file_open("b", O_RDWR | O_CREAT);

	CHECK_EQ(file_put_at(a, big, 100000, 0), 100000);
	CHECK_EQ(vfs_unlink(fs->root, "a", false), 0);
	CHECK_EQ(vfs_unlink(fs->root, "b", false), 0);
	CHECK_EQ(extfs_close(fs), 0);
	file_put(a);
	file_put(b);
	extfs_free(fs);
	disk_check();
}

static void test_kind(unsigned size, const char *options)
{
	long live = host_live;

	printf("# %s\n", options);
	disk_make(size, options, NULL);
	fs_open();
	test_data();
	test_names();
	test_many();
	test_attributes();
	test_full();
	test_open_at_the_end();
	CHECK_EQ(host_live, live);
}

/* What others have written: extents, an index of names. */
static void test_foreign(void)
{
	struct file *f;

	CHECK_EQ(
		system("seq 100000 >/tmp/extfs-test.seq; mkdir -p /tmp/extfs-test.d; cd /tmp/extfs-test.d && seq -f name%05g 3000 | xargs touch; "
	               "cp /tmp/extfs-test.seq /tmp/extfs-test.d/numbers; ln -sf numbers link"),
		0);
	disk_make(40960, "-t ext4 -d /tmp/extfs-test.d", NULL);
	fs_open();
	CHECK_EQ(count_names("."), 3005);
	f = file_open("link", O_RDWR);
	CHECK_EQ(f->inode->size, 588895);
	CHECK_EQ(file_get_at(f, back, BIG, 0), 588895);
	CHECK(!memcmp(back, "1\n2\n3\n", 6) && !memcmp(back + 588895 - 7, "100000\n", 7));
	CHECK_EQ(file_put_at(f, "X", 1, 0), 1); /* in its place */
	CHECK_EQ(file_put_at(f, "Y", 1, 1000000), 1); /* a block more: the map changes its kind */
	file_put(f);
	CHECK_EQ(vfs_unlink(fs->root, "name00001", false), 0);
	file_put(file_open("new", O_RDWR | O_CREAT));
	CHECK_EQ(count_names("."), 3005);
	remount();
	CHECK_EQ(count_names("."), 3005);
	f = file_open("numbers", O_RDWR);
	CHECK_EQ(file_get_at(f, back, BIG, 0), 1000001);
	CHECK(back[0] == 'X' && back[1] == '\n' && !back[588895] && back[1000000] == 'Y' &&
	      !memcmp(back + 588895 - 7, "100000\n", 7));
	CHECK_EQ(inode_truncate(f->inode, 0), 0);
	file_put(f);
	CHECK_EQ(vfs_unlink(fs->root, "numbers", false), 0);
	fs_close();
	disk_check();
	CHECK_EQ(system("rm -rf /tmp/extfs-test.d /tmp/extfs-test.seq"), 0);
}

/* Each request of the disk fails once, with all behind it: calls say so, and nothing is left over. */
static void test_failures(void)
{
	disk_make(8192, "-t ext2", NULL);
	char *bytes = disk_copy();

	quiet = true;
	for (long n = 0, ended = 0; !ended; n++) {
		struct superblock *sb;
		long live = host_live;

		disk_restore(bytes);
		disk_fail_after = n;
		if (!extfs_open("vda", false, &sb)) {
			struct inode_spec spec = { .mode = S_IFREG | 0644 };
			struct file *f;

			vfs_make(sb->root, "a", &spec, NULL);
			if (!vfs_open(sb->root, "a", O_RDWR | O_CREAT, 0644, &f)) {
				file_put_at(f, big, 50000, 0);
				ended = !f->ops->fsync(f, false);
				file_put(f);
			}
			ended = !extfs_close(sb) && ended;
			fs = sb;
			fs_abandon();
		}
		disk_fail_after = -1;
		disk_log_start();
		CHECK_EQ(host_live, live);
	}
	free(bytes);
	quiet = false;
}

static void test_refused(void)
{
	struct superblock *sb;

	disk_make(8192, "-t ext4 -O inline_data", NULL);
	CHECK_EQ(extfs_open("vda", false, &sb), -EOPNOTSUPP);
	disk_make(8192, "-t ext4", NULL);
	memset(disk_bytes + 1024, 0, 100);
	CHECK_EQ(extfs_open("vda", false, &sb), -EINVAL);
	disk_make(8192, "-t ext4", NULL);
	disk.read_only = true;
	CHECK_EQ(extfs_open("vda", false, &sb), 0);
	CHECK_EQ(vfs_make(sb->root, "a", &(struct inode_spec){ .mode = S_IFREG }, NULL), -EROFS);
	extfs_close(sb);
	extfs_free(sb);
	disk.read_only = false;
}

int main(void)
{
	fs_start();
	test_kind(16384, "-t ext2");
	test_kind(16384, "-t ext2 -I 128 -b 4096");
	test_kind(16384, "-t ext3");
	test_kind(24576, "-t ext4");
	test_kind(24576, "-t ext4 -b 4096");
	test_kind(24576, "-t ext4 -O ^has_journal");
	test_kind(24576, "-t ext4 -b 2048 -g 2048 -O ^metadata_csum,uninit_bg");
	test_kind(24576, "-t ext4 -b 1024 -g 1024 -O meta_bg,^resize_inode,metadata_csum_seed");
	test_foreign();
	test_failures();
	test_refused();
	return 0;
}
