/* SPDX-License-Identifier: BSD-3-Clause */
/* Names, each operation a request of its own. All under vfs_lock(). */
#include <core/errno.h>
#include <core/string.h>

#include "internal.h"

int p9_lookup(struct inode *dir, struct name name, struct inode **out)
{
	struct p9_super *s = to_super(dir->sb);
	struct p9_fid *fid = p9_fid_new(&s->session), *from = p9_fid_of(dir);
	struct p9_attributes a;
	int ret = fid ? p9_walk(from, &name, fid) : -ENOMEM;

	p9_fid_put(from);
	if (!ret)
		ret = p9_getattr(fid, &a);
	if (!ret)
		ret = p9_inode_of(s, dir, fid, &a, out);
	if (ret) {
		p9_fid_put(fid);
		return ret;
	}
	return vfs_put_later(*out);
}

/* A regular file: the server opens it as it makes it, which its mode may forbid afterwards. */
static int make_file(struct inode *dir, struct name name, uint32_t mode, struct inode **out)
{
	struct p9_super *s = to_super(dir->sb);
	struct p9_fid *fid = p9_fid_new(&s->session), *from = p9_fid_of(dir);
	int ret = fid ? p9_walk(from, NULL, fid) : -ENOMEM;

	p9_fid_put(from);
	if (!ret)
		ret = p9_create(fid, name, mode & S_IALLUGO);
	if (!ret)
		ret = p9_lookup(dir, name, out);
	if (!ret && S_ISREG((*out)->mode)) {
		struct p9_inode *p = to_p9(*out);

		spin_lock(&s->lock);
		struct p9_fid *old = p->born;

		p->born = fid;
		spin_unlock(&s->lock);
		fid = old;
	}
	p9_fid_put(fid);
	return ret;
}

int p9_make(struct inode *dir, struct name name, const struct inode_spec *spec, struct inode **out)
{
	struct p9_fid *fid;
	int ret;

	if (S_ISREG(spec->mode))
		return make_file(dir, name, spec->mode, out);
	fid = p9_fid_of(dir);
	if (S_ISDIR(spec->mode))
		ret = p9_mkdir(fid, name, spec->mode & S_IALLUGO);
	else if (S_ISLNK(spec->mode))
		ret = p9_symlink(fid, name, spec->target);
	else
		ret = p9_mknod(fid, name, spec->mode, spec->rdev);
	p9_fid_put(fid);
	return ret ? ret : p9_lookup(dir, name, out);
}

int p9_link_name(struct inode *dir, struct name name, struct inode *inode)
{
	struct p9_fid *to = p9_fid_of(dir), *file = p9_fid_of(inode);
	int ret = p9_link(to, name, file);

	p9_fid_put(to);
	p9_fid_put(file);
	if (!ret)
		inode->nlink++;
	return ret;
}

/* @inode has lost a name. */
static void forget(struct inode *inode)
{
	inode->nlink = S_ISDIR(inode->mode) || !inode->nlink ? 0 : inode->nlink - 1;
}

int p9_unlink_name(struct inode *dir, struct name name, struct inode *inode)
{
	struct p9_fid *from = p9_fid_of(dir);
	int ret = p9_unlink(from, name, S_ISDIR(inode->mode));

	p9_fid_put(from);
	if (!ret)
		forget(inode);
	return ret;
}

int p9_rename_name(struct inode *from, struct name old, struct inode *to, struct name new, struct inode *inode,
                   struct inode *target)
{
	struct p9_fid *a = p9_fid_of(from), *b = p9_fid_of(to);
	int ret = p9_rename(a, old, b, new);

	p9_fid_put(a);
	p9_fid_put(b);
	if (ret)
		return ret;
	if (target)
		forget(target);
	if (S_ISDIR(inode->mode) && inode->parent != to) {
		struct inode *parent = inode->parent;

		inode->parent = inode_get(to);
		inode_put(parent);
	}
	return 0;
}
