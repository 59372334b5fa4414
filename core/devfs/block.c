/* SPDX-License-Identifier: BSD-3-Clause */
/* Block devices as files: /dev/vda, /dev/xvda ... */
#include <abi/ioctl.h>
#include <core/alloc.h>
#include <core/errno.h>
#include <core/init.h>
#include <core/log.h>
#include <core/string.h>

#include "internal.h"

#define XVD_MAJOR 202
#define VD_MAJOR 254
#define OTHER_MAJOR 259
#define MINORS_PER_DISK 16
#define MINORS (1 << 20)

/* One for each name that was ever there: the number of a device that goes stays its name's. */
struct block_node {
	struct device_node node;
	struct list link;
	char name[sizeof(((struct block_dev *)0)->name)];
};

static struct list nodes = LIST_INIT(nodes); /* only the listener's calls use it */

static off_t block_seek(struct file *f, off_t offset, int whence)
{
	struct block_dev *dev = f->priv;

	return seek_in(f->pos, dev->size, offset, whence);
}

static int block_fsync(struct file *f, bool data_only)
{
	struct block_dev *dev = f->priv;

	(void)data_only;
	return dev->can_flush ? block_rw(dev, BLOCK_FLUSH, 0, NULL, 0) : 0;
}

static long discard(struct file *f, const uint64_t *range)
{
	struct block_dev *dev = f->priv;
	struct block_vec vec = { NULL, range[1] };

	if (!file_writable(f))
		return -EBADF;
	if (!dev->can_discard)
		return -EOPNOTSUPP;
	if ((range[0] | range[1]) % dev->sector_size || range[0] + range[1] < range[0] || range[0] + range[1] > dev->size)
		return -EINVAL;
	return block_rw(dev, BLOCK_DISCARD, range[0], &vec, 1);
}

/* Requests that ask for an int. False for others. */
static bool get_int(const struct block_dev *dev, unsigned cmd, int *out)
{
	switch (cmd) {
	case BLKROGET:
		*out = dev->read_only;
		return true;
	case BLKSSZGET:
		*out = (int)dev->sector_size;
		return true;
	case BLKBSZGET:
		*out = (int)PAGE_SIZE;
		return true;
	case BLKPBSZGET:
	case BLKIOMIN:
		*out = (int)MAX(dev->physical_sector_size, dev->sector_size);
		return true;
	case BLKIOOPT:
	case BLKALIGNOFF:
		*out = 0;
		return true;
	case BLKROTATIONAL:
		*(unsigned short *)out = 0;
		return true;
	default:
		return false;
	}
}

static long block_ioctl(struct file *f, unsigned cmd, union call_arg arg)
{
	struct block_dev *dev = f->priv;
	unsigned long *sectors = arg.object;
	uint64_t *bytes = arg.object;

	switch (cmd) {
	case BLKGETSIZE:
		*sectors = dev->size / 512;
		return 0;
	case BLKGETSIZE64:
		*bytes = dev->size;
		return 0;
	case BLKFLSBUF:
		return block_fsync(f, false);
	case BLKDISCARD:
		return discard(f, bytes);
	default:
		return get_int(dev, cmd, arg.number) ? 0 : -ENOTTY;
	}
}

static void block_release(struct file *f)
{
	block_put(f->priv);
}

static const struct file_ops block_ops = {
	.name = "block",
	.read = block_file_read,
	.write = block_file_write,
	.start = block_file_start,
	.seek = block_seek,
	.ioctl = block_ioctl,
	.fsync = block_fsync,
	.release = block_release,
};

static int open_block(struct device_node *node, struct file *f)
{
	struct block_dev *dev = block_get(container_of(node, struct block_node, node)->name);

	if (!dev)
		return -ENXIO;
	if (file_writable(f) && dev->read_only) {
		block_put(dev);
		return -EACCES;
	}
	f->priv = dev;
	f->ops = &block_ops;
	return 0;
}

/* "xvda" is disk 0 of its major, "vdc" disk 2; names of another form count up under a major of their own. */
static uint64_t number_of(const struct block_dev *dev)
{
	static unsigned others;
	int xvd = block_index(dev->name, "xvd"), vd = block_index(dev->name, "vd");

	if (xvd >= 0 && xvd < MINORS / MINORS_PER_DISK)
		return dev_make(XVD_MAJOR, xvd * MINORS_PER_DISK);
	if (vd >= 0 && vd < MINORS / MINORS_PER_DISK)
		return dev_make(VD_MAJOR, vd * MINORS_PER_DISK);
	return dev_make(OTHER_MAJOR, others++);
}

static struct block_node *node_of(const struct block_dev *dev)
{
	struct block_node *n;

	list_for_each(n, &nodes, link)
		if (!strcmp(n->name, dev->name))
			return n;
	n = kzalloc(sizeof(*n));
	if (!n)
		return NULL;
	strlcpy(n->name, dev->name, sizeof(n->name));
	n->node = (struct device_node){ .type = S_IFBLK, .rdev = number_of(dev), .open = open_block };
	if (device_register(&n->node)) {
		kfree(n);
		return NULL;
	}
	list_push_back(&nodes, &n->link);
	return n;
}

static int appeared(const struct block_dev *dev)
{
	struct block_node *n = node_of(dev);

	return n ? devfs_alias(n->name, 0660, &n->node) : -ENOMEM;
}

static void gone(const struct block_dev *dev)
{
	char path[sizeof(dev->name) + 8];

	snprintf(path, sizeof(path), "/dev/%s", dev->name);
	int ret = vfs_unlink(NULL, path, false);

	if (ret && ret != -ENOENT)
		pr_warn("%s: stays after its device went: errno %d", path, -ret);
}

static int block_nodes_init(void)
{
	static const struct block_listener listener = { appeared, gone };

	block_listen(&listener);
	return 0;
}

INITCALL(INIT_FILES, block_nodes_init);
