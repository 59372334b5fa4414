/* SPDX-License-Identifier: BSD-3-Clause */
/* Open files: life time, and the calls that go through the operations table. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/file.h>
#include <core/notify.h>
#include <core/string.h>
#include <core/vfs.h>

void (*file_on_unlock)(struct file *f);

static struct mutex watch_lock = MUTEX_INIT(watch_lock);

struct file *file_new(const struct file_ops *ops, void *priv, unsigned flags)
{
	struct file *f = kzalloc(sizeof(*f));

	if (!f)
		return NULL;
	f->refs = 1;
	f->flags = flags;
	f->ops = ops;
	f->priv = priv;
	mutex_init(&f->pos_lock);
	list_init(&f->watches);
	return f;
}

void file_watch_lock(void)
{
	mutex_lock(&watch_lock);
}

void file_watch_unlock(void)
{
	mutex_unlock(&watch_lock);
}

static void tell_watches(struct file *f)
{
	file_watch_lock();
	while (!list_empty(&f->watches)) {
		struct file_watch *w = list_first(&f->watches, struct file_watch, link);

		w->gone(w);
	}
	file_watch_unlock();
}

void file_put(struct file *f)
{
	if (__atomic_sub_fetch(&f->refs, 1, __ATOMIC_ACQ_REL))
		return;
	if (f->announced)
		notify_file(f, file_writable(f) ? IN_CLOSE_WRITE : IN_CLOSE_NOWRITE);
	if (!list_empty(&f->watches))
		tell_watches(f);
	if (f->has_locks && file_on_unlock)
		file_on_unlock(f);
	if (f->ops && f->ops->release)
		f->ops->release(f);
	place_free(f->place);
	inode_put(f->inode);
	kfree(f);
}

bool file_put_shared(struct file *f)
{
	unsigned refs = __atomic_load_n(&f->refs, __ATOMIC_RELAXED);

	while (refs > 1)
		if (__atomic_compare_exchange_n(&f->refs, &refs, refs - 1, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
			return true;
	return false;
}

/* Are all positions of a transfer ones that a file can have? */
static bool is_range(off_t pos, const struct iov_iter *it)
{
	return pos >= 0 && it->left <= (uint64_t)(INT64_MAX - pos);
}

typedef ssize_t (*transfer_fn)(struct file *f, struct iov_iter *it, off_t *pos);

static ssize_t transfer(struct file *f, transfer_fn fn, struct iov_iter *it, off_t *pos)
{
	ssize_t ret;

	if (!fn)
		return f->inode && S_ISDIR(f->inode->mode) ? -EISDIR : -EINVAL;
	if (!f->ops->seek)
		return pos ? -ESPIPE : fn(f, it, &f->pos);
	if (pos)
		return is_range(*pos, it) ? fn(f, it, pos) : -EINVAL;
	mutex_lock(&f->pos_lock);
	ret = is_range(f->pos, it) ? fn(f, it, &f->pos) : -EINVAL;
	mutex_unlock(&f->pos_lock);
	return ret;
}

ssize_t file_read(struct file *f, struct iov_iter *it, off_t *pos)
{
	if (unlikely(!file_readable(f)))
		return -EBADF;
	ssize_t ret = transfer(f, f->ops->read, it, pos);

	if (ret > 0)
		notify_file(f, IN_ACCESS);
	return ret;
}

ssize_t file_write(struct file *f, struct iov_iter *it, off_t *pos)
{
	if (unlikely(!file_writable(f)))
		return -EBADF;
	ssize_t ret = transfer(f, f->ops->write, it, pos);

	if (ret > 0)
		notify_file(f, IN_MODIFY);
	return ret;
}

off_t file_seek(struct file *f, off_t offset, int whence)
{
	off_t ret;

	if (f->flags & O_PATH)
		return -EBADF;
	if (!f->ops->seek)
		return -ESPIPE;
	mutex_lock(&f->pos_lock);
	ret = f->ops->seek(f, offset, whence);
	if (ret >= 0)
		f->pos = ret;
	mutex_unlock(&f->pos_lock);
	return ret;
}

off_t seek_in(off_t pos, off_t size, off_t offset, int whence)
{
	off_t base = 0, to;

	switch (whence) {
	case SEEK_SET:
		break;
	case SEEK_CUR:
		base = pos;
		break;
	case SEEK_END:
		base = size;
		break;
	case SEEK_DATA:
	case SEEK_HOLE:
		if (offset < 0 || offset >= size)
			return -ENXIO;
		return whence == SEEK_DATA ? offset : size;
	default:
		return -EINVAL;
	}
	return __builtin_add_overflow(base, offset, &to) || to < 0 ? -EINVAL : to;
}

int file_mmap(struct file *f, uint64_t offset, size_t size, bool shared, bool writable, const struct vmem_pager **pager,
              void **object)
{
	if (!file_readable(f) || (shared && writable && !file_writable(f)))
		return f->flags & O_PATH ? -EBADF : -EACCES;
	if (offset & ~PAGE_MASK)
		return -EINVAL;
	if (offset + size < offset || offset + size > (uint64_t)INT64_MAX)
		return -EOVERFLOW;
	if (!f->ops->mmap)
		return -ENODEV;
	return f->ops->mmap(f, offset, size, shared, writable, pager, object);
}

int file_stat(struct file *f, struct stat *st)
{
	int ret = 0;

	if (f->inode) {
		ret = inode_stat(f->inode, st);
	} else {
		memset(st, 0, sizeof(*st));
		st->st_ino = (uintptr_t)f >> 4;
		st->st_nlink = 1;
		st->st_mode = 0600;
		st->st_blksize = PAGE_SIZE;
	}
	if (f->ops && f->ops->stat)
		f->ops->stat(f, st);
	return ret;
}
