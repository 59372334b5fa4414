/* SPDX-License-Identifier: BSD-3-Clause */
/* null, zero, full, random, urandom. */
#include <core/errno.h>
#include <core/init.h>
#include <core/log.h>
#include <core/random.h>

#include "internal.h"

#define MEM_MAJOR 1

static ssize_t read_nothing(struct file *f, struct iov_iter *it, off_t *pos)
{
	(void)f;
	(void)it;
	(void)pos;
	return 0;
}

static ssize_t read_zeroes(struct file *f, struct iov_iter *it, off_t *pos)
{
	(void)f;
	(void)pos;
	return iov_zero(it, it->left);
}

static ssize_t read_random(struct file *f, struct iov_iter *it, off_t *pos)
{
	ssize_t done = 0;
	size_t len;

	(void)f;
	(void)pos;
	for (void *p = iov_peek(it, &len); len; p = iov_peek(it, &len)) {
		random_bytes(p, len);
		iov_advance(it, len);
		done += len;
	}
	return done;
}

static ssize_t write_away(struct file *f, struct iov_iter *it, off_t *pos)
{
	size_t n = it->left;

	(void)f;
	(void)pos;
	iov_advance(it, n);
	return n;
}

static ssize_t write_random(struct file *f, struct iov_iter *it, off_t *pos)
{
	ssize_t done = 0;
	size_t len;

	(void)f;
	(void)pos;
	for (void *p = iov_peek(it, &len); len; p = iov_peek(it, &len)) {
		random_add_entropy(p, len);
		iov_advance(it, len);
		done += len;
	}
	return done;
}

static ssize_t write_full(struct file *f, struct iov_iter *it, off_t *pos)
{
	(void)f;
	(void)it;
	(void)pos;
	return -ENOSPC;
}

static off_t seek_nowhere(struct file *f, off_t offset, int whence)
{
	(void)f;
	(void)offset;
	(void)whence;
	return 0;
}

static int mmap_zero(struct file *f, uint64_t offset, size_t size, bool shared, bool writable, const struct vmem_pager **pager,
                     void **object)
{
	(void)f;
	(void)offset;
	(void)size;
	(void)shared;
	(void)writable;
	*pager = NULL;
	*object = NULL;
	return 0;
}

static const struct file_ops null_ops = { .name = "null", .read = read_nothing, .write = write_away, .seek = seek_nowhere };
static const struct file_ops zero_ops = {
	.name = "zero", .read = read_zeroes, .write = write_away, .seek = seek_nowhere, .mmap = mmap_zero
};
static const struct file_ops full_ops = { .name = "full", .read = read_zeroes, .write = write_full, .seek = seek_nowhere };
static const struct file_ops random_ops = {
	.name = "random", .read = read_random, .write = write_random, .seek = seek_nowhere
};

static int open_mem(struct device_node *node, struct file *f)
{
	f->ops = node->priv;
	return 0;
}

static struct {
	const char *name;
	unsigned minor;
	const struct file_ops *ops;
	struct device_node node;
} devices[] = {
	{ .name = "null", .minor = 3, .ops = &null_ops },      { .name = "zero", .minor = 5, .ops = &zero_ops },
	{ .name = "full", .minor = 7, .ops = &full_ops },      { .name = "random", .minor = 8, .ops = &random_ops },
	{ .name = "urandom", .minor = 9, .ops = &random_ops },
};

static int mem_nodes_init(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(devices); i++) {
		devices[i].node = (struct device_node){
			.type = S_IFCHR,
			.rdev = dev_make(MEM_MAJOR, devices[i].minor),
			.open = open_mem,
			.priv = (void *)(uintptr_t)devices[i].ops,
		};
		int ret = devfs_add(devices[i].name, 0666, &devices[i].node);

		if (ret)
			pr_err("/dev/%s: cannot be made: errno %d", devices[i].name, -ret);
	}
	return 0;
}

INITCALL(INIT_FILES, mem_nodes_init);
