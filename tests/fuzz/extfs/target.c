/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A disk that anybody may have made: one of mke2fs with bytes changed, which is mounted, read, written to and unmounted. Nothing is left over.
 * sources: tests/host/core/extfs/disk.c core/extfs/alloc.c core/extfs/attributes.c core/extfs/cache.c core/extfs/change.c core/extfs/checksum.c core/extfs/claim.c core/extfs/dir.c core/extfs/dirty.c core/extfs/entry.c core/extfs/extent.c core/extfs/file.c core/extfs/group.c core/extfs/inode.c core/extfs/journal.c core/extfs/makejournal.c core/extfs/map.c core/extfs/mount.c core/extfs/names.c core/extfs/orphan.c core/extfs/rename.c core/extfs/replay.c core/extfs/truncate.c core/copymap/map.c core/vfs/iov.c core/vfs/file.c core/vfs/inode.c core/vfs/notify.c core/vfs/place.c core/vfs/walk.c core/vfs/open.c core/vfs/names.c core/vfs/rename.c core/vfs/dir.c core/vfs/path.c core/ramfs/pages.c core/ramfs/data.c core/ramfs/reserve.c core/ramfs/space.c core/ramfs/map.c core/ramfs/dir.c core/ramfs/super.c core/base/tree.c tests/fuzz/stubs/wait.c tests/host/stubs/alloc.c tests/host/stubs/sched.c tests/host/stubs/boot.c tests/fuzz/stubs/quiet.c
 */
#include <core/errno.h>
#include <core/extfs.h>
#include <core/string.h>

#include "../../host/core/extfs/disk.h"
#include "../fuzz.h"

#define KINDS 3
#define SIZE 2304 /* KiB */
#define CALLS_MAX 40
#define CHANGES_MAX 24
#define WALK_MAX 200

/* Files with a map of each kind, a directory with an index, links. */
static const char tree[] = "rm -rf /tmp/extfs-fuzz && mkdir -p /tmp/extfs-fuzz/a/b && cd /tmp/extfs-fuzz && seq 9000 >a/b/c && "
			   "seq -f a-rather-long-name-%g 90 | xargs touch && ln -s a/b/c link && ln a/b/c a/hard && "
			   "ln -s /tmp/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789 long";

int system(const char *command);

static char *bases[KINDS];
static uint16_t used[KINDS][SIZE]; /* blocks with something in them */
static unsigned uses[KINDS];
static struct input *in;
static unsigned walked;

static void prepare(unsigned kind)
{
	static const char *const options[KINDS] = { "-t ext4 -N 128 -O ^metadata_csum -d /tmp/extfs-fuzz",
		                                    "-t ext2 -N 128 -d /tmp/extfs-fuzz", "-t ext4 -N 128 -d /tmp/extfs-fuzz" };

	disk_make(SIZE, options[kind], NULL);
	/* The first is one whose journal is to be replayed. */
	if (!kind) {
		fs_open();
		make_dir("made");
		struct file *f = file_open("a/b/c", O_RDWR);

		file_put_at(f, "x", 1, 100000);
		CHECK_EQ(f->ops->fsync(f, false), 0);
		file_put(f);
		fs_abandon();
	}
	bases[kind] = disk_copy();
	for (unsigned i = 0; i < SIZE; i++)
		for (unsigned k = 0; k < 1024; k++)
			if (bases[kind][i * 1024 + k]) {
				used[kind][uses[kind]++] = (uint16_t)i;
				break;
			}
	disk_log_start();
}

static int visit(void *arg, const char *name, size_t len, uint64_t ino, unsigned type, off_t next)
{
	struct inode *dir = arg, *inode;
	char data[300];
	off_t pos = 0;

	(void)ino;
	(void)type;
	(void)next;
	CHECK(len && len <= NAME_MAX && !memchr(name, '/', len) && !memchr(name, 0, len));
	if (++walked > WALK_MAX)
		return 1;
	char path[NAME_MAX + 1];

	memcpy(path, name, len);
	path[len] = 0;
	if (vfs_lookup(dir, path, 0, &inode))
		return 0;
	if (S_ISDIR(inode->mode)) {
		inode->ops->iterate(inode, &pos, visit, inode);
	} else if (S_ISREG(inode->mode)) {
		struct file *f;

		if (!vfs_open_inode(inode, O_RDONLY, &f)) {
			file_get_at(f, data, sizeof(data), 0);
			file_get_at(f, data, sizeof(data), inode->size - 10);
			file_put(f);
		}
	}
	inode_put(inode);
	return 0;
}

static void use(const char *path)
{
	static char data[20000];
	struct file *f;

	if (vfs_open(fs->root, path, (take8(in) % 2 ? O_CREAT : 0) | O_RDWR, 0600, &f))
		return;
	if (f->inode->sb == fs && S_ISREG(f->inode->mode)) {
		file_put_at(f, data, take16(in) % sizeof(data), take8(in) % 2 ? take16(in) : f->inode->size);
		if (take8(in) % 2)
			inode_truncate(f->inode, take16(in));
		if (take8(in) % 2)
			f->ops->fsync(f, take8(in) % 2);
	}
	file_put(f);
}

static void call(void)
{
	static const char *const paths[] = {
		"a", "a/b", "a/b/c", "a/hard", "link", "long", "new", "a/new", "a-rather-long-name-7", "made", "a/b/../.."
	};
	static const uint32_t types[] = { S_IFDIR, S_IFREG, S_IFLNK, S_IFIFO };
	const char *a = paths[take8(in) % ARRAY_SIZE(paths)], *b = paths[take8(in) % ARRAY_SIZE(paths)];
	struct inode_spec spec = { .mode = types[take8(in) % ARRAY_SIZE(types)] | 0700, .target = a };

	switch (take8(in) % 6) {
	case 0:
		vfs_make(fs->root, a, &spec, NULL);
		break;
	case 1:
		vfs_unlink(fs->root, a, take8(in) % 2);
		break;
	case 2:
		vfs_link(fs->root, a, 0, fs->root, b);
		break;
	case 3:
		vfs_rename(fs->root, a, fs->root, b, take8(in) % 2 ? RENAME_EXCHANGE : 0);
		break;
	default:
		use(a);
	}
}

static void change(unsigned kind)
{
	for (unsigned n = take8(in) % CHANGES_MAX; n; n--) {
		uint8_t *block = (uint8_t *)disk_bytes + used[kind][take16(in) % uses[kind]] * 1024ul;
		unsigned at = take16(in) % 1024;

		take_bytes(in, block + at, MIN(1 + take8(in) % 8u, 1024 - at));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	off_t pos = 0;

	in = &input;
	if (!bases[0]) {
		fs_start();
		CHECK_EQ(system(tree), 0);
		for (unsigned i = 0; i < KINDS; i++)
			prepare(i);
	}
	long live = host_live;
	unsigned kind = take8(in) % KINDS;

	disk_restore(bases[kind]);
	change(kind);
	walked = 0;
	if (!extfs_open("vda", take8(in) % 8 == 0, &fs)) {
		if (take8(in) % 2)
			fs->root->ops->iterate(fs->root, &pos, visit, fs->root);
		for (unsigned i = 0; i < CALLS_MAX && input.left; i++)
			call();
		extfs_close(fs);
		extfs_free(fs);
	}
	disk_log_start();
	CHECK_EQ(host_live, live);
	return 0;
}
