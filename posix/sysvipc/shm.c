/* SPDX-License-Identifier: BSD-3-Clause */
/* shmget(2): segments. */
#include "shm.h"

#include <core/errno.h>
#include <core/process.h>
#include <core/ramfs.h>
#include <core/vmem.h>
#include <posix/calls.h>

struct ipc_ids shm_ids = IPC_IDS_INIT(SHMMNI);

static bool address_before(const struct tree_node *a, const struct tree_node *b)
{
	return a < b;
}

static struct tree segments = TREE_INIT(address_before, NULL);

/* What shmget(2) asks for. */
struct request {
	size_t size;
	int flags;
};

struct shm_segment *shm_find(int id)
{
	struct ipc_object *o = ipc_find(&shm_ids, id);

	return o ? container_of(o, struct shm_segment, base) : NULL;
}

size_t shm_size_of(const void *segment)
{
	for (struct tree_node *n = segments.root; n;) {
		const struct shm_segment *s = tree_entry(n, struct shm_segment, by_address);
		const void *here = s;

		if (here == segment)
			return s->size;
		n = segment < here ? n->left : n->right;
	}
	return 0;
}

size_t shm_resident(const struct shm_segment *s)
{
	return s->inode->ops->blocks(s->inode) / (PAGE_SIZE / 512);
}

void shm_free(struct shm_segment *s)
{
	spin_lock(&shm_ids.lock);
	tree_remove(&segments, &s->by_address);
	spin_unlock(&shm_ids.lock);
	s->pager->unref(s->object);
	inode_put(s->inode);
	ipc_free(s, sizeof(*s));
}

void shm_put(struct shm_segment *s, bool mapped)
{
	spin_lock(&shm_ids.lock);
	s->attached--;
	if (mapped) {
		s->dtime = ipc_now();
		s->lpid = process_id();
	}
	const bool last = !s->attached && (s->base.perm.mode & SHM_DEST);

	if (last)
		ipc_remove(&shm_ids, &s->base);
	spin_unlock(&shm_ids.lock);
	if (last)
		shm_free(s);
}

/* A file of the segment's size, which has nothing in it. */
static int make_file(struct shm_segment *s)
{
	struct file *f;
	int ret = ramfs_anonymous(&s->inode);

	if (ret)
		return ret;
	ret = inode_truncate(s->inode, (off_t)ALIGN_UP(s->size, PAGE_SIZE));
	if (!ret)
		ret = vfs_open_inode(s->inode, O_RDWR, &f);
	if (!ret) {
		ret = file_mmap(f, 0, s->size, true, true, &s->pager, &s->object);
		file_put(f);
	}
	if (ret)
		inode_put(s->inode);
	return ret;
}

static int make(const void *arg, struct ipc_object **out)
{
	const struct request *r = arg;

	if (!r->size || r->size > SHMMAX)
		return -EINVAL;
	if (r->size > VMEM_END || (r->flags & SHM_HUGETLB)) /* there are no huge pages */
		return -ENOMEM;
	struct shm_segment *s = ipc_alloc(sizeof(*s));

	if (!s)
		return -ENOMEM;
	s->size = r->size;
	s->cpid = process_id();
	int ret = make_file(s);

	if (ret) {
		ipc_free(s, sizeof(*s));
		return ret;
	}
	spin_lock(&shm_ids.lock);
	tree_insert(&segments, &s->by_address);
	spin_unlock(&shm_ids.lock);
	*out = &s->base;
	return 0;
}

static void discard(struct ipc_object *o)
{
	shm_free(container_of(o, struct shm_segment, base));
}

static int check(const struct ipc_object *o, const void *arg)
{
	const struct request *r = arg;

	return container_of(o, const struct shm_segment, base)->size < r->size ? -EINVAL : 0;
}

long sys_shmget(int key, size_t size, int flags)
{
	static const struct ipc_kind kind = { &shm_ids, make, discard, check };
	const struct request r = { size, flags };

	return ipc_get(&kind, key, flags, &r);
}
