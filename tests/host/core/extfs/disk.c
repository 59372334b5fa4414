/* SPDX-License-Identifier: BSD-3-Clause */
#include "disk.h"

#include <core/errno.h>
#include <core/extfs.h>
#include <core/ramfs.h>
#include <core/string.h>

#include "../../../../core/extfs/internal.h"
#include "../../host.h"

#define COMMAND_MAX 4096

int system(const char *command);
int open(const char *path, int flags, ...);
ssize_t read(int fd, void *buf, size_t n);
ssize_t write(int fd, const void *buf, size_t n);
int close(int fd);
int getpid(void);
void *realloc(void *p, size_t n);
int snprintf(char *buf, size_t n, const char *fmt, ...);

char *disk_bytes;
struct disk_write *disk_log;
size_t disk_logged;
long disk_fail_after = -1;
struct superblock *fs;
static size_t log_max;

struct block_dev disk = { .name = "vda", .sector_size = 512, .can_flush = true };

struct block_dev *block_get(const char *name)
{
	return strcmp(name, disk.name) ? NULL : &disk;
}

void block_put(struct block_dev *dev)
{
	(void)dev;
}

bool thread_interrupted(void)
{
	return false;
}

static void note(uint64_t offset, const void *data, size_t len)
{
	if (disk_logged == log_max) {
		log_max = log_max ? log_max * 2 : 1024;
		disk_log = realloc(disk_log, log_max * sizeof(*disk_log));
	}
	char *copy = data ? memcpy(malloc(len), data, len) : NULL;

	disk_log[disk_logged++] = (struct disk_write){ offset, len, copy };
}

int block_rw(struct block_dev *dev, enum block_op op, uint64_t offset, const struct block_vec *vec, unsigned nvec)
{
	CHECK(dev == &disk);
	if (disk_fail_after >= 0 && !disk_fail_after--) {
		disk_fail_after = 0;
		return -EIO;
	}
	if (op == BLOCK_FLUSH) {
		note(0, NULL, 0);
		return 0;
	}
	for (unsigned i = 0; i < nvec; offset += vec[i++].len) {
		CHECK(offset % 512 == 0 && vec[i].len % 512 == 0);
		if (offset > disk.size || vec[i].len > disk.size - offset)
			return -EINVAL;
		if (op == BLOCK_READ) {
			memcpy(vec[i].base, disk_bytes + offset, vec[i].len);
			continue;
		}
		CHECK(!disk.read_only);
		memcpy(disk_bytes + offset, vec[i].base, vec[i].len);
		note(offset, vec[i].base, vec[i].len);
	}
	return 0;
}

void fs_start(void)
{
	host_wall = 1700000000 * NSEC_PER_SEC;
	vfs_set_root(ramfs_new(0755, NULL));
}

void disk_log_start(void)
{
	while (disk_logged)
		free(disk_log[--disk_logged].data);
}

static const char *file_name(void)
{
	static char name[64];

	snprintf(name, sizeof(name), "/tmp/extfs-test-%d.img", getpid());
	return name;
}

static void load(void)
{
	int fd = open(file_name(), 0);

	CHECK(fd >= 0);
	for (size_t at = 0; at < disk.size;) {
		ssize_t n = read(fd, disk_bytes + at, disk.size - at);

		CHECK(n > 0);
		at += (size_t)n;
	}
	close(fd);
}

static void save(void)
{
	int fd = open(file_name(), 01 | 0100 | 01000, 0600);

	CHECK(fd >= 0);
	CHECK_EQ(write(fd, disk_bytes, disk.size), disk.size);
	close(fd);
}

static int run(const char *command, const char *more)
{
	char line[COMMAND_MAX];

	snprintf(line, sizeof(line), command, file_name(), more);
	return system(line);
}

void disk_make(unsigned size, const char *options, const char *commands)
{
	char line[COMMAND_MAX];

	free(disk_bytes);
	disk.size = (uint64_t)size << 10;
	disk_bytes = malloc(disk.size);
	snprintf(line, sizeof(line), "mke2fs -q -F %s %s %uk >/dev/null 2>&1", options, file_name(), size);
	CHECK_EQ(run("rm -f %s", ""), 0);
	CHECK_EQ(system(line), 0);
	if (commands)
		CHECK_EQ(run("printf '%2$s' | debugfs -w -f - %1$s >/dev/null 2>&1", commands), 0);
	load();
	run("rm -f %s", "");
	disk_log_start();
}

char *disk_copy(void)
{
	return memcpy(malloc(disk.size), disk_bytes, disk.size);
}

void disk_restore(const char *bytes)
{
	memcpy(disk_bytes, bytes, disk.size);
}

void disk_check(void)
{
	save();
	if (run("e2fsck -fn %1$s >%1$s.out 2>&1", "")) {
		run("cat %1$s.out; cp %1$s /tmp/extfs-test-failed.img", "");
		CHECK(!"e2fsck finds nothing");
	}
	run("rm -f %1$s %1$s.out", "");
}

void disk_recover(void)
{
	save();
	/* Exit status 1 is what a replay gives; whatever is mended beside that is a line with a question. */
	if (run("e2fsck -fy %1$s >%1$s.out 2>&1; [ $? -le 1 ] && ! grep -v 'Clear' %1$s.out | grep -q '? yes'", "")) {
		run("cat %1$s.out; cp %1$s /tmp/extfs-test-failed.img", "");
		CHECK(!"e2fsck only replays the journal");
	}
	load();
	run("rm -f %1$s %1$s.out", "");
}

bool disk_debugfs(const char *command, const char *text)
{
	char line[COMMAND_MAX];

	save();
	snprintf(line, sizeof(line), "debugfs -R '%s' %s 2>/dev/null | grep -q -- '%s'", command, file_name(), text);
	bool found = !system(line);

	run("rm -f %s", "");
	return found;
}

void fs_open(void)
{
	CHECK_EQ(extfs_open("vda", false, &fs), 0);
}

void fs_close(void)
{
	CHECK_EQ(extfs_close(fs), 0);
	extfs_free(fs);
}

void fs_abandon(void)
{
	to_fs(fs)->broken = true;
	extfs_free(fs);
}

struct file *file_open(const char *path, unsigned flags)
{
	struct file *f;
	int ret = vfs_open(fs->root, path, flags, 0644, &f);

	if (ret)
		printf("%s: %d\n", path, ret);
	CHECK_EQ(ret, 0);
	return f;
}

ssize_t file_put_at(struct file *f, const void *buf, size_t n, off_t pos)
{
	struct iov_iter it;
	struct iovec vec;

	iov_single(&it, &vec, (void *)(uintptr_t)buf, n);
	return file_write(f, &it, &pos);
}

ssize_t file_get_at(struct file *f, void *buf, size_t n, off_t pos)
{
	struct iov_iter it;
	struct iovec vec;

	iov_single(&it, &vec, buf, n);
	return file_read(f, &it, &pos);
}

int make_dir(const char *path)
{
	struct inode_spec spec = { .mode = S_IFDIR | 0755 };

	return vfs_make(fs->root, path, &spec, NULL);
}
