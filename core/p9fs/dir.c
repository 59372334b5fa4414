/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reading directories. The server's offsets are its own and may be anything; positions here count entries, so that they are small and grow. Those of
 * the entries read last are remembered with the server's offsets: who goes back a little, as seekdir() does behind a buffer, goes on where it was
 * even if entries have gone meanwhile. Others are come back to by counting again.
 */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/string.h>

#include "internal.h"

/* So many requests for one call, and a signal ends it. */
#define REQUESTS_ENOUGH 256
/* So many, and it is an error: nothing comes of them, or the server lists without end. */
#define REQUESTS_MAX 65536

#define REMEMBERED 512 /* more than the C library reads at once */

struct p9_dir {
	struct p9_fid *fid; /* open */
	uint64_t offset; /* the server's, behind the first @count entries */
	off_t count; /* without "." and ".." */
	uint64_t offsets[REMEMBERED]; /* behind the first n entries at n % REMEMBERED, for the newest of them */
};

struct reading {
	struct p9_dir *dir;
	off_t *pos;
	dirent_fn fn;
	void *arg;
	unsigned shift; /* of the positions that @fn is told */
};

static bool is_dots(const struct p9_entry *e)
{
	return !strcmp(e->name, ".") || !strcmp(e->name, "..");
}

static int take_entry(void *arg, const struct p9_entry *e)
{
	struct reading *r = arg;
	struct p9_dir *d = r->dir;

	if (!is_dots(e)) {
		if (d->count == *r->pos) {
			int ret = r->fn(r->arg, e->name, e->len, e->qid.path, (unsigned)e->type << 12, *r->pos + 1 + r->shift);

			if (ret)
				return ret;
			++*r->pos;
		}
		d->offsets[++d->count % REMEMBERED] = e->next;
	}
	d->offset = e->next;
	return 0;
}

/* @pos is before d->count. */
static void go_back(struct p9_dir *d, off_t pos)
{
	bool known = pos > 0 && d->count - pos < REMEMBERED;

	d->offset = known ? d->offsets[pos % REMEMBERED] : 0;
	d->count = known ? pos : 0;
}

/* Entries from r->pos on, which does not count "." and "..". */
static int read_entries(struct reading *r)
{
	struct p9_dir *d = r->dir;
	unsigned requests = 0, count;
	int ret;

	if (*r->pos < d->count)
		go_back(d, *r->pos);
	do {
		ret = p9_readdir(d->fid, d->offset, take_entry, r, &count);
		requests++;
		if (!ret && requests > REQUESTS_ENOUGH && thread_interrupted())
			ret = -EINTR;
		else if (!ret && requests >= REQUESTS_MAX && count)
			ret = -EIO;
	} while (!ret && count);
	return ret;
}

static void dir_close(struct p9_dir *d)
{
	p9_fid_put(d->fid);
	kfree(d);
}

static int dir_open(struct inode *dir, struct p9_dir **out)
{
	struct p9_dir *d = kmalloc(sizeof(*d));
	struct p9_fid *from;
	int ret;

	if (!d)
		return -ENOMEM;
	d->offset = 0;
	d->count = 0;
	d->fid = p9_fid_new(&to_super(dir->sb)->session);
	from = p9_fid_of(dir);
	ret = d->fid ? p9_walk(from, NULL, d->fid) : -ENOMEM;
	p9_fid_put(from);
	if (!ret)
		ret = p9_open(d->fid, O_RDONLY | O_DIRECTORY);
	if (ret)
		dir_close(d);
	else
		*out = d;
	return ret;
}

int p9_iterate(struct inode *dir, off_t *pos, dirent_fn fn, void *arg)
{
	struct p9_dir *d;
	int ret = dir_open(dir, &d);

	if (ret)
		return ret;
	ret = read_entries(&(struct reading){ d, pos, fn, arg, 0 });
	dir_close(d);
	return ret;
}

static int dir_iterate(struct file *f, off_t *pos, dirent_fn fn, void *arg)
{
	int ret = dir_dots(f->inode, pos, fn, arg);

	if (ret)
		return ret;
	off_t inner = *pos - DIR_DOTS;

	ret = read_entries(&(struct reading){ f->priv, &inner, fn, arg, DIR_DOTS });
	*pos = inner + DIR_DOTS;
	return ret;
}

static int dir_fsync(struct file *f, bool data_only)
{
	return p9_fsync(((struct p9_dir *)f->priv)->fid, data_only);
}

static void dir_release(struct file *f)
{
	__atomic_sub_fetch(&to_p9(f->inode)->opened, 1, __ATOMIC_RELAXED);
	dir_close(f->priv);
}

static const struct file_ops p9_dir_ops = {
	.name = "9p directory",
	.iterate = dir_iterate,
	.seek = dir_seek,
	.fsync = dir_fsync,
	.release = dir_release,
};

int p9_open_dir(struct inode *inode, struct file *f)
{
	struct p9_dir *d;
	int ret = dir_open(inode, &d);

	if (ret)
		return ret;
	f->ops = &p9_dir_ops;
	f->priv = d;
	__atomic_add_fetch(&to_p9(inode)->opened, 1, __ATOMIC_RELAXED);
	return 0;
}
