/* SPDX-License-Identifier: BSD-3-Clause */
/* /dev: a memory file system of its own that holds the nodes of devices. */
#ifndef CORE_DEVFS_H
#define CORE_DEVFS_H

#include <core/vfs.h>

/*
 * Register @node, which must live on, and show it as /dev/@name with permissions @mode; folders in @name are made. A number
 * that is registered already just gets another name when @node is the same. Thread context, from initialiser stage 2 on.
 * Returns 0 or -Exxx.
 */
int devfs_add(const char *name, uint32_t mode, struct device_node *node);
/* Show @node, which is registered, as /dev/@name too. Otherwise as devfs_add(): returns 0 or -Exxx. */
int devfs_alias(const char *name, uint32_t mode, const struct device_node *node);

#endif
