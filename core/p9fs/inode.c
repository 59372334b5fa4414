/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/string.h>

#include "internal.h"

static bool inode_before(const struct tree_node *a, const struct tree_node *b)
{
	return tree_entry(a, const struct p9_inode, node)->base.ino < tree_entry(b, const struct p9_inode, node)->base.ino;
}

void p9_inodes_init(struct p9_super *s)
{
	spinlock_init(&s->lock, "p9fs: inodes of a server");
	s->inodes = (struct tree)TREE_INIT(inode_before, NULL);
}

struct p9_fid *p9_fid_of(struct inode *inode)
{
	struct p9_super *s = to_super(inode->sb);

	spin_lock(&s->lock);
	struct p9_fid *fid = p9_fid_get(to_p9(inode)->fid);

	spin_unlock(&s->lock);
	return fid;
}

/*
 * The inode known by the server's number, with a reference. It gets the newer of the two fids, which becomes *@fid: the older may go by a name
 * that is no longer the file's.
 */
static struct inode *find(struct p9_super *s, const struct p9_attributes *a, struct p9_fid **fid)
{
	struct inode *found = NULL;

	spin_lock(&s->lock);
	for (struct tree_node *n = s->inodes.root; n && !found;) {
		struct p9_inode *p = tree_entry(n, struct p9_inode, node);

		if (p->base.ino != a->qid.path) {
			n = a->qid.path < p->base.ino ? n->left : n->right;
			continue;
		}
		/* The number may be another file's by now. */
		if ((p->base.mode & S_IFMT) == (a->mode & S_IFMT) && inode_get_alive(&p->base)) {
			struct p9_fid *old = p->fid;

			found = &p->base;
			p->fid = *fid;
			*fid = old;
			break;
		}
		tree_remove(&s->inodes, &p->node);
		tree_node_init(&p->node);
		n = s->inodes.root;
	}
	spin_unlock(&s->lock);
	return found;
}

static void apply(struct inode *inode, const struct p9_attributes *a)
{
	WRITE_ONCE(inode->mode, a->mode);
	inode->uid = a->uid;
	inode->gid = a->gid;
	inode->nlink = (uint32_t)MIN(a->nlink, (uint64_t)UINT32_MAX);
	inode->rdev = a->rdev;
	WRITE_ONCE(inode->size, (off_t)a->size);
	inode->atime = a->atime;
	inode->mtime = a->mtime;
	inode->ctime = a->ctime;
	to_p9(inode)->blocks = a->blocks;
}

static int inode_new(struct p9_super *s, struct p9_fid *fid, const struct p9_attributes *a, struct inode **out)
{
	char *target = NULL;
	int ret = S_ISLNK(a->mode) ? p9_readlink(fid, &target) : 0;
	struct p9_inode *p = ret ? NULL : kzalloc(sizeof(*p));

	if (!p) {
		kfree(target);
		return ret ? ret : -ENOMEM;
	}
	inode_init(&p->base, &s->base, &p9_inode_ops, a->mode);
	p->base.ino = a->qid.path;
	p->base.target = target;
	p->fid = fid;
	tree_node_init(&p->node);
	if (!target) {
		spin_lock(&s->lock);
		tree_insert(&s->inodes, &p->node);
		spin_unlock(&s->lock);
	}
	*out = &p->base;
	return 0;
}

int p9_inode_of(struct p9_super *s, struct inode *dir, struct p9_fid *fid, const struct p9_attributes *a, struct inode **out)
{
	struct p9_fid *spare = fid;
	struct inode *inode = find(s, a, &spare);
	int ret = inode ? 0 : inode_new(s, fid, a, &inode);

	if (ret)
		return ret;
	if (spare != fid)
		p9_fid_put(spare);
	apply(inode, a);
	if (S_ISDIR(a->mode))
		ret = dir ? inode_set_parent(inode, dir) : 0;
	if (ret) {
		p9_fid_get(fid); /* still the caller's */
		inode_put(inode);
		return ret;
	}
	*out = inode;
	return 0;
}

/*
 * Ask the server. What is open lives on without a name, as far as it does at the server; a fid may go by name there, and show what has taken the
 * file's place.
 */
int p9_refresh(struct inode *inode)
{
	struct p9_fid *fid = p9_fid_of(inode);
	struct p9_attributes a;
	int ret = p9_getattr(fid, &a);

	p9_fid_put(fid);
	if (!ret && (a.qid.path != inode->ino || (a.mode & S_IFMT) != (inode->mode & S_IFMT)))
		ret = -ESTALE;
	if ((ret == -ENOENT || ret == -ESTALE) && READ_ONCE(to_p9(inode)->opened)) {
		inode->nlink = 0;
		return 0;
	}
	if (!ret)
		apply(inode, &a);
	return ret;
}

void p9_destroy(struct inode *inode)
{
	struct p9_super *s = to_super(inode->sb);
	struct p9_inode *p = to_p9(inode);

	spin_lock(&s->lock);
	tree_remove(&s->inodes, &p->node);
	spin_unlock(&s->lock);
	p9_fid_put(p->fid);
	p9_fid_put(p->born);
	kfree((void *)(uintptr_t)inode->target);
	kfree(p);
}
