/* SPDX-License-Identifier: BSD-3-Clause */
/* What the image does with its disks: mounts them at the start, writes now and then, and leaves them clean. */
#include <core/alloc.h>
#include <core/boot.h>
#include <core/errno.h>
#include <core/extfs.h>
#include <core/init.h>
#include <core/kthread.h>
#include <core/log.h>
#include <core/string.h>
#include <core/time.h>

#include "internal.h"

#define COMMIT_EVERY (5 * NSEC_PER_SEC)
#define WORD_MAX 256u

static struct list mounted = LIST_INIT(mounted); /* grows only, at its end */

static bool has_work(const struct ext_fs *fs)
{
	return (READ_ONCE(fs->cache.txns) || READ_ONCE(fs->cache.datas)) && !READ_ONCE(fs->broken);
}

/* What nobody syncs is on the disk some seconds later. It sleeps while there is nothing to do. */
static void writer(void *arg)
{
	struct ext_fs *fs = arg;

	for (;;) {
		wait_event(&fs->dirty, has_work(fs));
		time_sleep_until(time_monotonic() + COMMIT_EVERY);
		mutex_lock(&fs->lock);
		if (!fs->read_only && has_work(fs))
			ext_commit(fs);
		mutex_unlock(&fs->lock);
	}
}

int extfs_mount(const char *device, const char *path, bool read_only)
{
	struct superblock *sb = NULL;
	int ret = extfs_open(device, read_only, &sb);

	if (!ret)
		ret = vfs_mkdir_all(path, 0755);
	if (!ret)
		ret = vfs_mount(path, sb);
	if (ret) {
		pr_err("%s: cannot be mounted at %s: errno %d", device, path, -ret);
		if (sb) {
			extfs_close(sb);
			extfs_free(sb);
		}
		return ret;
	}
	list_push_back(&mounted, &to_fs(sb)->link);
	if (!to_fs(sb)->read_only && !thread_create("extfs", writer, to_fs(sb)))
		pr_warn("%s: no memory for a thread that writes: only syncs do", device);
	return 0;
}

int vfs_sync(void)
{
	struct ext_fs *fs;
	int ret = 0;

	list_for_each(fs, &mounted, link) {
		int failed = ext_sync(fs, false);

		ret = ret ? ret : failed;
	}
	return ret;
}

static void close_all(void)
{
	struct ext_fs *fs;

	list_for_each(fs, &mounted, link) {
		int ret = extfs_close(&fs->base);

		if (ret)
			pr_err("%s: could not be left clean: errno %d", fs->dev->name, -ret);
	}
}

/* "/dev/vda:/data" or "/dev/vda:/data:ro"; false if it is none. */
static bool mount_one(char *word)
{
	char *path = strchr(word, ':'), *option = path ? strchr(path + 1, ':') : NULL;
	const char *device = strncmp(word, "/dev/", 5) ? word : word + 5;

	if (!path || path[1] != '/' || (option && strcmp(option, ":ro")))
		return false;
	*path++ = 0;
	if (option)
		*option = 0;
	extfs_mount(device, path, option);
	return true;
}

/* mount=DISK:PATH[:ro],... */
static int mount_all(void)
{
	const char *list = boot_argument("mount");
	char word[WORD_MAX];

	if (!list)
		return 0;
	boot_at_exit(close_all);
	while (*list && *list != ' ') {
		size_t n = 0;

		while (list[n] && list[n] != ',' && list[n] != ' ')
			n++;
		size_t len = MIN(n, sizeof(word) - 1);

		memcpy(word, list, len);
		word[len] = 0;
		if (n != len || !mount_one(word))
			pr_err("mount=%s: not as DISK:PATH or DISK:PATH:ro", word);
		list += n + (list[n] == ',');
	}
	return 0;
}

INITCALL(INIT_PROCESS, mount_all);
