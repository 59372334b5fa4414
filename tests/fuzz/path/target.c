/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sequences of calls on names, with paths of anybody's: memory and references are balanced, and all can be removed at the end.
 * sources: core/vfs/iov.c core/vfs/file.c core/vfs/inode.c core/vfs/notify.c core/vfs/place.c core/vfs/walk.c core/vfs/open.c core/vfs/names.c core/vfs/rename.c core/vfs/dir.c core/ramfs/pages.c core/ramfs/data.c core/ramfs/reserve.c core/ramfs/space.c core/ramfs/map.c core/ramfs/dir.c core/base/tree.c core/ramfs/super.c tests/fuzz/stubs/fs.c tests/host/stubs/alloc.c tests/host/stubs/sched.c tests/host/stubs/boot.c
 */
#include <core/errno.h>
#include <core/vfs.h>

#include "../fuzz.h"
#include "../stubs/fs.h"

#define PATH_BYTES 32
#define CALLS_MAX 200

/* A path from the input: short pieces, so that names meet again. A byte is a name, a slash, a dot, or itself. */
static void take_path(struct input *in, char path[PATH_BYTES])
{
	size_t n = take8(in) % PATH_BYTES, at = 0;

	for (; at < n && in->left; at++) {
		uint8_t c = take8(in);

		path[at] = c < 64 ? "/.ab"[c % 4] : c;
	}
	path[at] = 0;
}

static void make(struct input *in, const char *a, const char *b)
{
	static const uint32_t types[] = { S_IFDIR, S_IFREG, S_IFLNK, S_IFSOCK };
	uint32_t type = types[take8(in) % ARRAY_SIZE(types)];
	struct inode_spec spec = { .mode = type | 0755, .target = type == S_IFLNK ? b : NULL };

	if (type != S_IFLNK || b[0])
		vfs_make(NULL, a, &spec, NULL);
}

static void open_and_write(struct input *in, const char *a, const char *b)
{
	unsigned flags = take16(in) & (O_ACCMODE | O_CREAT | O_EXCL | O_TRUNC | O_APPEND | O_DIRECTORY | O_NOFOLLOW);
	off_t at = take16(in);
	struct iov_iter it;
	struct iovec vec;
	struct file *f;

	if ((flags & O_ACCMODE) == O_ACCMODE || vfs_open(NULL, a, flags, 0644, &f))
		return;
	iov_single(&it, &vec, (void *)(uintptr_t)b, PATH_BYTES);
	if (flags & O_ACCMODE)
		file_write(f, &it, &at);
	if (take8(in) % 2)
		vfs_unlink(NULL, a, false); /* while it is open */
	file_put(f);
}

static void path_of(const char *a, const char *b)
{
	char text[8 * NAME_MAX];
	struct inode *dir, *again;

	if (vfs_lookup(NULL, a, WALK_FOLLOW, &dir))
		return;
	if (S_ISDIR(dir->mode)) {
		ssize_t n = vfs_path(dir, text, sizeof(text));

		CHECK(n > 0 || n == -ERANGE);
		if (n > 0) {
			CHECK_EQ(vfs_lookup(NULL, text, 0, &again), 0);
			CHECK(again == dir);
			inode_put(again);
		}
		vfs_unlink(dir, b, true);
	}
	inode_put(dir);
}

static void one_call(struct input *in)
{
	char a[PATH_BYTES], b[PATH_BYTES];
	uint8_t call = take8(in);

	take_path(in, a);
	take_path(in, b);
	host_fail_after = call & 0x80 ? call >> 4 & 7 : -1;
	switch (call % 8) {
	case 0:
	case 1:
		make(in, a, b);
		break;
	case 2:
		vfs_unlink(NULL, a, take8(in) % 2);
		break;
	case 3:
		vfs_link(NULL, a, take8(in) % 2 ? WALK_FOLLOW : 0, NULL, b);
		break;
	case 4:
		vfs_rename(NULL, a, NULL, b, take8(in) % 2 ? RENAME_NOREPLACE : 0);
		break;
	case 5:
		open_and_write(in, a, b);
		break;
	case 6:
		vfs_mkdir_all(a, 0755);
		break;
	default:
		host_fail_after = -1;
		path_of(a, b);
	}
	host_fail_after = -1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };

	fs_start();
	for (int i = 0; i < CALLS_MAX && in.left; i++)
		one_call(&in);
	fs_empty();
	return 0;
}
