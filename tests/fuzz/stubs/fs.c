/* SPDX-License-Identifier: BSD-3-Clause */
#include "fs.h"

#include <core/errno.h>
#include <core/ramfs.h>
#include <core/string.h>

#include "../fuzz.h"

static long live;

void fs_start(void)
{
	static bool started;

	if (!started)
		vfs_set_root(ramfs_new(0755, NULL));
	started = true;
	live = host_live;
}

static int note_name(void *arg, const char *name, size_t len, uint64_t ino __unused, unsigned type __unused,
                     off_t next __unused)
{
	char *out = arg;

	memcpy(out, name, len);
	out[len] = 0;
	return 1; /* one is enough */
}

static void empty(struct inode *dir)
{
	for (;;) {
		char name[NAME_MAX + 1] = "";
		struct inode *sub;
		off_t pos = 0;

		dir->ops->iterate(dir, &pos, note_name, name);
		if (!name[0])
			return;
		int ret = vfs_unlink(dir, name, false);

		if (ret == -EISDIR) {
			CHECK_EQ(vfs_lookup(dir, name, 0, &sub), 0);
			empty(sub);
			inode_put(sub);
			ret = vfs_unlink(dir, name, true);
		}
		CHECK_EQ(ret, 0);
	}
}

void fs_empty(void)
{
	empty(vfs_root());
	CHECK_EQ(host_live, live);
}
