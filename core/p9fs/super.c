/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/string.h>
#include <core/time.h>

#include "internal.h"

#define P9_MAGIC 0x01021997 /* as Linux's */
#define MOUNT_WAIT (5 * NSEC_PER_SEC)

static int p9_truncate(struct inode *inode, off_t size)
{
	struct p9_fid *fid = p9_fid_of(inode);
	int ret = p9_setattr(fid, &(struct p9_change){ .valid = P9_SET_SIZE, .size = (uint64_t)size });

	p9_fid_put(fid);
	if (!ret)
		WRITE_ONCE(inode->size, size);
	return ret;
}

static int p9_change(struct inode *inode, const struct inode_change *change)
{
	static const struct {
		unsigned what;
		uint32_t valid;
	} bits[] = {
		{ CHANGE_MODE, P9_SET_MODE },
		{ CHANGE_UID, P9_SET_UID },
		{ CHANGE_GID, P9_SET_GID },
		{ CHANGE_ATIME, P9_SET_ATIME | P9_SET_ATIME_VALUE },
		{ CHANGE_MTIME, P9_SET_MTIME | P9_SET_MTIME_VALUE },
		{ CHANGE_ATIME_NOW, P9_SET_ATIME },
		{ CHANGE_MTIME_NOW, P9_SET_MTIME },
	};
	struct p9_change c = { 0, change->mode & S_IALLUGO, change->uid, change->gid, 0, change->atime, change->mtime };
	struct p9_fid *fid;
	int ret = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(bits); i++)
		if (change->what & bits[i].what)
			c.valid |= bits[i].valid;
	fid = p9_fid_of(inode);
	if (c.valid)
		ret = p9_setattr(fid, &c);
	p9_fid_put(fid);
	return ret;
}

static uint64_t p9_blocks(struct inode *inode)
{
	return to_p9(inode)->blocks;
}

static int p9_statfs_of(struct superblock *sb, struct statfs *st)
{
	struct p9_fid *fid = p9_fid_of(sb->root);
	int ret = p9_statfs(fid, st);

	p9_fid_put(fid);
	st->f_type = sb->magic;
	return ret;
}

const struct inode_ops p9_inode_ops = {
	.lookup = p9_lookup,
	.make = p9_make,
	.link = p9_link_name,
	.unlink = p9_unlink_name,
	.rename = p9_rename_name,
	.iterate = p9_iterate,
	.open = p9_open_file,
	.open_dir = p9_open_dir,
	.refresh = p9_refresh,
	.change = p9_change,
	.truncate = p9_truncate,
	.blocks = p9_blocks,
	.statfs = p9_statfs_of,
	.destroy = p9_destroy,
};

/* The server's root, as the file system's. */
static int get_root(struct p9_super *s)
{
	struct p9_fid *fid = p9_fid_new(&s->session);
	struct p9_attributes a;
	int ret = fid ? p9_attach(fid) : -ENOMEM;

	if (!ret)
		ret = p9_getattr(fid, &a);
	if (!ret && !S_ISDIR(a.mode))
		ret = -ENOTDIR;
	if (!ret)
		ret = p9_inode_of(s, NULL, fid, &a, &s->base.root);
	if (ret)
		p9_fid_put(fid);
	else
		s->base.root->parent = s->base.root;
	return ret;
}

static int start(struct p9_super *s, struct p9_transport *t)
{
	p9_session_init(&s->session, t);
	p9_inodes_init(s);
	s->base.dev = vfs_new_dev();
	s->base.magic = P9_MAGIC;
	s->session.deadline = time_monotonic() + MOUNT_WAIT;
	int ret = p9_version(&s->session);

	if (!ret)
		ret = get_root(s);
	s->session.deadline = 0;
	return ret;
}

int p9fs_mount(struct p9_transport *t, const char *path)
{
	struct p9_super *s = kzalloc(sizeof(*s));
	int ret = s ? start(s, t) : -ENOMEM;

	if (!ret)
		ret = vfs_mkdir_all(path, 0755);
	if (!ret)
		ret = vfs_mount(path, &s->base);
	if (ret)
		pr_err("9p %s: cannot be mounted at %s: errno %d", t->name, path, -ret);
	return ret; /* a request without an answer may still use what was allocated: it stays */
}
