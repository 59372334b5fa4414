/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A program works on files and syncs now and then; the disk stops at any request, with what was written since its last flush there in part, in
 * any order. A new mount finds what was synced and not changed since, never one file's data in another, and leaves a disk in which e2fsck finds nothing.
 * sources: tests/host/core/extfs/disk.c core/extfs/alloc.c core/extfs/attributes.c core/extfs/cache.c core/extfs/change.c core/extfs/checksum.c core/extfs/claim.c core/extfs/dir.c core/extfs/dirty.c core/extfs/entry.c core/extfs/extent.c core/extfs/file.c core/extfs/group.c core/extfs/inode.c core/extfs/journal.c core/extfs/makejournal.c core/extfs/map.c core/extfs/mount.c core/extfs/names.c core/extfs/orphan.c core/extfs/rename.c core/extfs/replay.c core/extfs/truncate.c core/copymap/map.c core/vfs/iov.c core/vfs/file.c core/vfs/inode.c core/vfs/notify.c core/vfs/place.c core/vfs/walk.c core/vfs/open.c core/vfs/names.c core/vfs/rename.c core/vfs/dir.c core/vfs/path.c core/ramfs/pages.c core/ramfs/data.c core/ramfs/reserve.c core/ramfs/space.c core/ramfs/map.c core/ramfs/dir.c core/ramfs/super.c core/base/tree.c tests/fuzz/stubs/wait.c tests/host/stubs/alloc.c tests/host/stubs/sched.c tests/host/stubs/boot.c
 */
#include <core/errno.h>
#include <core/extfs.h>
#include <core/log.h>
#include <core/string.h>

#include "../../host.h"
#include "disk.h"

#define SLOTS 12u
#define SIZE_MAX_KB 400u
#define IDS 256u
#define OPS 220u
#define CRASHES 120u /* of a run, at most */
#define CHECKED 8u /* one in so many is looked at by e2fsck */

int snprintf(char *buf, size_t n, const char *fmt, ...);
unsigned long strtoul(const char *s, char **end, int base);

enum log_level log_level = LOG_ERR;

void log_printf(enum log_level level __unused, const char *fmt __unused, ...)
{
}

/* What a slot's file is: bytes that tell whose they are, or zero. */
struct model {
	bool exists;
	uint8_t id; /* of the file, whatever its name */
	size_t size;
	uint8_t *written; /* by 512 bytes: data, or a hole */
};

struct sync {
	size_t at; /* of the log */
	struct model slots[SLOTS];
	size_t touched[SLOTS]; /* where in the log the first change since then began, or SIZE_MAX */
	bool ids[SLOTS][IDS]; /* whose data may be there after changes */
};

static struct model now[SLOTS];
static struct sync *syncs;
static unsigned synced;
static uint8_t next_id;
static struct file *nameless[4];

static char value(uint8_t id, size_t pos)
{
	return (char)((id * 37 + pos / 512 * 11) | 1);
}

static const char *path_of(unsigned slot)
{
	static char path[2][32];
	static unsigned turn;

	turn ^= 1;
	snprintf(path[turn], sizeof(path[0]), "d%u/file%u", slot % 3, slot);
	return path[turn];
}

static size_t sectors(size_t size)
{
	return (size + 511) / 512;
}

static uint8_t *copy_map(const struct model *m)
{
	size_t n = SIZE_MAX_KB * 2 + 2;

	return m->written ? memcpy(malloc(n), m->written, n) : NULL;
}

static void touch(unsigned slot)
{
	struct sync *s = &syncs[synced - 1];

	if (s->touched[slot] == SIZE_MAX)
		s->touched[slot] = disk_logged;
	if (now[slot].exists)
		s->ids[slot][now[slot].id] = true;
}

static void touched_by(unsigned slot, uint8_t id)
{
	syncs[synced - 1].ids[slot][id] = true;
}

static void note_sync(void)
{
	struct sync *s = &syncs[synced++];

	s->at = disk_logged;
	for (unsigned i = 0; i < SLOTS; i++) {
		s->slots[i] = now[i];
		s->slots[i].written = copy_map(&now[i]);
		s->touched[i] = SIZE_MAX;
		memset(s->ids[i], 0, sizeof(s->ids[i]));
	}
}

static void forget(unsigned slot)
{
	free(now[slot].written);
	now[slot] = (struct model){ 0 };
}

static struct file *open_slot(unsigned slot)
{
	touch(slot);
	if (!now[slot].exists) {
		now[slot] = (struct model){ .exists = true, .id = ++next_id, .written = malloc(SIZE_MAX_KB * 2 + 2) };
		memset(now[slot].written, 0, SIZE_MAX_KB * 2 + 2);
		touched_by(slot, next_id);
	}
	return file_open(path_of(slot), O_RDWR | O_CREAT);
}

/* Whole sectors, so that the model is small. */
static void op_write(unsigned slot)
{
	static char buf[64 << 10];
	struct file *f = open_slot(slot);
	size_t first = (size_t)rand() % (rand() % 4 ? 40 : SIZE_MAX_KB * 2 - 128), n = 1 + (size_t)rand() % 127;

	for (size_t i = 0; i < n * 512; i++)
		buf[i] = value(now[slot].id, first * 512 + i);
	CHECK_EQ(file_put_at(f, buf, n * 512, (off_t)first * 512), n * 512);
	memset(now[slot].written + first, 1, n);
	now[slot].size = MAX(now[slot].size, (first + n) * 512);
	file_put(f);
}

static void op_truncate(unsigned slot)
{
	struct file *f = open_slot(slot);
	size_t n = (size_t)rand() % (SIZE_MAX_KB * 2);

	CHECK_EQ(inode_truncate(f->inode, (off_t)n * 512), 0);
	memset(now[slot].written + n, 0, SIZE_MAX_KB * 2 + 2 - n);
	now[slot].size = n * 512;
	file_put(f);
}

static void op_unlink(unsigned slot)
{
	unsigned keep = (unsigned)rand() % ARRAY_SIZE(nameless);

	if (!now[slot].exists)
		return;
	touch(slot);
	if (nameless[keep])
		file_put(nameless[keep]);
	nameless[keep] = rand() % 2 ? file_open(path_of(slot), O_RDWR) : NULL;
	CHECK_EQ(vfs_unlink(fs->root, path_of(slot), false), 0);
	forget(slot);
}

static void op_rename(unsigned slot)
{
	unsigned to = (unsigned)rand() % SLOTS;

	if (!now[slot].exists || to == slot)
		return;
	touch(slot);
	touch(to);
	touched_by(to, now[slot].id);
	CHECK_EQ(vfs_rename(fs->root, path_of(slot), fs->root, path_of(to), 0), 0);
	forget(to);
	now[to] = now[slot];
	now[slot] = (struct model){ 0 };
}

static void op_dirs(unsigned slot)
{
	char a[32], b[32];

	snprintf(a, sizeof(a), "d%u/sub%u", slot % 3, slot % 4);
	snprintf(b, sizeof(b), "d%u/sub%u", (slot + 1) % 3, (slot + 2) % 4);
	if (make_dir(a) == -EEXIST && vfs_rename(fs->root, a, fs->root, b, 0))
		CHECK_EQ(vfs_unlink(fs->root, a, true), 0);
}

static void op_sync(unsigned slot)
{
	struct file *f = open_slot(slot);

	CHECK_EQ(f->ops->fsync(f, false), 0);
	file_put(f);
	note_sync();
}

static void work(void)
{
	static void (*const ops[])(unsigned) = { op_write,  op_write,  op_write, op_truncate,
		                                 op_unlink, op_rename, op_dirs,  op_sync };

	fs_open();
	for (unsigned i = 0; i < 3; i++) {
		char name[8];

		snprintf(name, sizeof(name), "d%u", i);
		CHECK_EQ(make_dir(name), 0);
	}
	fs_close();
	fs_open();
	note_sync();
	for (unsigned i = 0; i < OPS; i++)
		ops[(unsigned)rand() % ARRAY_SIZE(ops)]((unsigned)rand() % SLOTS);
	for (unsigned i = 0; i < ARRAY_SIZE(nameless); i++)
		if (nameless[i])
			file_put(nameless[i]);
	memset(nameless, 0, sizeof(nameless));
	fs_close();
	note_sync();
}

/* @bytes, and what of the first @n entries of the log reached the disk. */
static void replay(const char *bytes, size_t n)
{
	size_t flushed = 0;

	disk_restore(bytes);
	for (size_t i = 0; i < n; i++)
		if (!disk_log[i].data)
			flushed = i;
	for (size_t i = 0; i < n; i++) {
		const struct disk_write *w = &disk_log[i];

		if (!w->data || (i > flushed && !(rand() % 3)))
			continue;
		/* A block may be written by half, a sector is written or not. The superblock is taken to be like one. */
		size_t len = i > flushed && w->offset > 1024 && !(rand() % 16) ? w->len / 2 : w->len;

		memcpy(disk_bytes + w->offset, w->data, ALIGN_DOWN(len, 512ul));
	}
}

static bool is_of(const char *data, size_t size, uint8_t id)
{
	for (size_t i = 0; i < size; i++)
		if (data[i] && data[i] != value(id, i))
			return false;
	return true;
}

static void check_same(const struct model *m, const char *data, size_t size)
{
	CHECK_EQ(size, m->size);
	for (size_t i = 0; i < sectors(size); i++)
		CHECK_EQ(data[i * 512], m->written[i] ? value(m->id, i * 512) : 0);
	CHECK(is_of(data, size, m->id));
}

static void check_slot(const struct sync *s, unsigned slot, size_t crash)
{
	static char data[SIZE_MAX_KB << 10];
	struct file *f;
	int ret = vfs_open(fs->root, path_of(slot), O_RDONLY, 0, &f);
	bool untouched = crash <= s->touched[slot], mine = false;
	ssize_t n;

	if (untouched)
		CHECK_EQ(ret, s->slots[slot].exists ? 0 : -ENOENT);
	if (ret) {
		CHECK_EQ(ret, -ENOENT);
		return;
	}
	n = file_get_at(f, data, sizeof(data), 0);
	CHECK_EQ(n, f->inode->size);
	file_put(f);
	if (untouched) {
		check_same(&s->slots[slot], data, (size_t)n);
		return;
	}
	for (unsigned id = 0; id < IDS && !mine; id++)
		mine = (s->ids[slot][id] || (s->slots[slot].exists && s->slots[slot].id == id)) &&
		       is_of(data, (size_t)n, (uint8_t)id);
	CHECK(mine);
}

/* It was unmounted: nothing is to be recovered. */
static bool is_clean(void)
{
	return !(disk_bytes[1024 + 96] & 4);
}

static void check_crash(const char *bytes, size_t crash, bool look)
{
	const struct sync *s = NULL;

	for (unsigned i = 0; i < synced && syncs[i].at <= crash; i++)
		s = &syncs[i];
	replay(bytes, crash);
	if (look && rand() % 2)
		disk_recover();
	size_t n = disk_logged;

	fs_open();
	for (unsigned i = 0; s && i < SLOTS; i++)
		check_slot(s, i, crash);
	file_put(file_open("after", O_RDWR | O_CREAT));
	if (look && rand() % 2)
		fs_abandon();
	else
		fs_close();
	while (disk_logged > n)
		free(disk_log[--disk_logged].data);
	if (look && is_clean())
		disk_check();
}

static void test(const char *options, unsigned seed)
{
	printf("# %s, seed %u\n", options, seed);
	srand(seed);
	disk_make(8192, options, NULL);
	char *bytes = disk_copy();

	syncs = malloc(sizeof(*syncs) * (OPS + 2));
	synced = 0;
	work();
	size_t all = disk_logged, step = MAX(all / CRASHES, 1ul);

	for (size_t crash = 0, count = 0; crash <= all; crash += 1 + (size_t)rand() % (2 * step - 1), count++)
		check_crash(bytes, crash, !(count % CHECKED));
	for (unsigned i = 0; i < synced; i++)
		for (unsigned k = 0; k < SLOTS; k++)
			free(syncs[i].slots[k].written);
	for (unsigned i = 0; i < SLOTS; i++)
		forget(i);
	free(syncs);
	free(bytes);
}

/* Arguments: the first and the last number of the random ones. */
int main(int argc, char **argv)
{
	static const char *const kinds[] = { "-t ext2", "-t ext4", "-t ext3 -b 4096",
		                             "-t ext4 -O ^has_journal,^metadata_csum" };

	fs_start();
	unsigned first = argc > 2 ? (unsigned)strtoul(argv[1], NULL, 10) : 1,
		 last = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 4;

	for (unsigned seed = first; seed <= last; seed++)
		test(kinds[seed % ARRAY_SIZE(kinds)], seed);
	return 0;
}
