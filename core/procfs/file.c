/* SPDX-License-Identifier: BSD-3-Clause */
/* Open files of /proc: each has its own copy of the text. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/string.h>

#include "internal.h"

struct text {
	struct mutex lock;
	struct seq seq;
	bool made;
};

static int make(struct text *t, struct proc_node *node)
{
	t->seq.len = 0;
	node->show(&t->seq, node->arg);
	t->made = !t->seq.failed;
	return t->made ? 0 : -ENOMEM;
}

static ssize_t proc_read(struct file *f, struct iov_iter *it, off_t *pos)
{
	struct text *t = f->priv;
	ssize_t ret = 0;

	mutex_lock(&t->lock);
	if (!*pos || !t->made)
		ret = make(t, to_proc(f->inode));
	if (!ret && (size_t)*pos < t->seq.len)
		ret = iov_put(it, t->seq.text + *pos, t->seq.len - *pos);
	mutex_unlock(&t->lock);
	if (ret > 0)
		*pos += ret;
	return ret;
}

/* Nothing can be set here. */
static ssize_t proc_write(struct file *f __unused, struct iov_iter *it __unused, off_t *pos __unused)
{
	return -EIO;
}

/* The length is known to a reader only. */
static off_t proc_seek(struct file *f, off_t offset, int whence)
{
	return whence == SEEK_SET || whence == SEEK_CUR ? seek_in(f->pos, 0, offset, whence) : -EINVAL;
}

static void proc_release(struct file *f)
{
	struct text *t = f->priv;

	kfree(t->seq.text);
	kfree(t);
}

static const struct file_ops ops = {
	.name = "proc",
	.read = proc_read,
	.write = proc_write,
	.seek = proc_seek,
	.release = proc_release,
};

int proc_open(struct inode *inode __unused, struct file *f)
{
	struct text *t = kzalloc(sizeof(*t));

	if (!t)
		return -ENOMEM;
	mutex_init(&t->lock);
	f->priv = t;
	f->ops = &ops;
	return 0;
}
