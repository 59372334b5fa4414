/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/notify.h>
#include <core/string.h>
#include <posix/calls.h>

#include "internal.h"

struct sink {
	void *buf;
	size_t size, used;
};

static int add_entry(void *arg, const char *name, size_t len, uint64_t ino, unsigned type, off_t next)
{
	struct sink *s = arg;
	size_t need = ALIGN_UP(offsetof(struct dirent64, d_name) + len + 1, 8);
	struct dirent64 *d = s->buf + s->used;

	if (s->size - s->used < need)
		return -EINVAL; /* the caller shows it only when not even one entry fitted */
	d->d_ino = ino;
	d->d_off = next;
	d->d_reclen = need;
	d->d_type = type >> 12; /* DT_* are the S_IF* bits moved down */
	memcpy(d->d_name, name, len);
	d->d_name[len] = 0;
	s->used += need;
	return 0;
}

long sys_getdents64(int fd, void *buf, unsigned size)
{
	struct sink s = { .buf = buf, .size = size };
	struct file *f = fd_get(fd);
	long ret;

	if (!f)
		return -EBADF;
	if (f->flags & O_PATH) {
		ret = -EBADF;
	} else if (!f->ops->iterate) {
		ret = -ENOTDIR;
	} else {
		mutex_lock(&f->pos_lock);
		ret = f->ops->iterate(f, &f->pos, add_entry, &s);
		mutex_unlock(&f->pos_lock);
		notify_file(f, IN_ACCESS);
	}
	file_put(f);
	if (s.used)
		ret = s.used;
	return ret;
}
