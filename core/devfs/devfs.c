/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/errno.h>
#include <core/ramfs.h>
#include <core/string.h>

#include "internal.h"

static int mount_dev(void)
{
	static bool mounted;
	struct superblock *sb;
	int ret;

	if (mounted)
		return 0;
	ret = vfs_mkdir_all("/dev", 0755);
	if (ret)
		return ret;
	sb = ramfs_new(0755, NULL);
	if (!sb)
		return -ENOMEM;
	ret = vfs_mount("/dev", sb);
	mounted = !ret;
	return ret ? ret : vfs_mkdir_all("/dev/shm", 01777);
}

int devfs_alias(const char *name, uint32_t mode, const struct device_node *node)
{
	struct inode_spec spec = { .mode = node->type | mode, .rdev = node->rdev };
	char path[64];
	char *slash;
	int ret = mount_dev();

	if (ret)
		return ret;
	if (snprintf(path, sizeof(path), "/dev/%s", name) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	slash = strrchr(path, '/');
	*slash = 0;
	ret = vfs_mkdir_all(path, 0755);
	*slash = '/';
	return ret ? ret : vfs_make(NULL, path, &spec, NULL);
}

int devfs_add(const char *name, uint32_t mode, struct device_node *node)
{
	int ret = device_register(node);

	return ret ? ret : devfs_alias(name, mode, node);
}
