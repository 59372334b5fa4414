/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Identifiers. The lower 15 bits are an index into a table, the others say how often that place was used before: who has the identifier of an object
 * that is gone does not meet the next one.
 */
#include "ids.h"

#include <core/alloc.h>
#include <core/errno.h>
#include <core/string.h>
#include <core/time.h>
#include <core/vmem.h>
#include <posix/calls.h>

#define INDEX_BITS 15
#define INDEX_MASK ((1 << INDEX_BITS) - 1)
#define FIRST_SIZE 16u
#define REST 64u /* places that are free wait until there are so many, while there are others */
#define NO_SLOT 0xffffu
#define MEMORY_SHARE 8 /* of memory, one part in so many */
#define PERMISSIONS 0777u

struct ipc_slot {
	struct ipc_object *object;
	uint16_t seq; /* of the object, or of the next one */
	uint16_t next_free;
};

_Static_assert(SEMMNI <= INDEX_MASK && MSGMNI <= INDEX_MASK && SHMMNI <= INDEX_MASK, "an index fits");

bool ipc_key_before(const struct tree_node *a, const struct tree_node *b)
{
	return tree_entry(a, const struct ipc_object, by_key)->perm.key <
	       tree_entry(b, const struct ipc_object, by_key)->perm.key;
}

static struct ipc_object *find_key(const struct ipc_ids *ids, int key)
{
	for (struct tree_node *n = ids->keys.root; n;) {
		struct ipc_object *o = tree_entry(n, struct ipc_object, by_key);

		if (o->perm.key == key)
			return o;
		n = key < o->perm.key ? n->left : n->right;
	}
	return NULL;
}

struct ipc_object *ipc_at(const struct ipc_ids *ids, int index)
{
	return index >= 0 && (unsigned)index < ids->fresh ? ids->slots[index].object : NULL;
}

struct ipc_object *ipc_find(const struct ipc_ids *ids, int id)
{
	struct ipc_object *o = id >= 0 ? ipc_at(ids, id & INDEX_MASK) : NULL;

	return o && o->id == id ? o : NULL;
}

int ipc_highest(const struct ipc_ids *ids)
{
	unsigned n = ids->fresh;

	while (n > 0 && !ids->slots[n - 1].object)
		n--;
	return n ? (int)n - 1 : 0;
}

static bool grow(struct ipc_ids *ids)
{
	unsigned size = MIN(MAX(ids->size * 2, FIRST_SIZE), ids->max);
	struct ipc_slot *slots = ipc_alloc(size * sizeof(*slots));

	if (!slots)
		return false;
	memcpy(slots, ids->slots, ids->size * sizeof(*slots));
	ipc_free(ids->slots, ids->size * sizeof(*slots));
	ids->slots = slots;
	ids->size = size;
	return true;
}

/* A free place, or -ENOSPC, -ENOMEM. */
static int take_slot(struct ipc_ids *ids)
{
	if (ids->used == ids->max)
		return -ENOSPC;
	if (ids->free_count < REST && ids->fresh < ids->max) {
		if (ids->fresh == ids->size && !grow(ids))
			return -ENOMEM;
		return (int)ids->fresh++;
	}
	const unsigned index = ids->free_first;

	ids->free_first = ids->slots[index].next_free;
	ids->free_count--;
	return (int)index;
}

static void give_slot(struct ipc_ids *ids, unsigned index)
{
	struct ipc_slot *s = &ids->slots[index];

	s->object = NULL;
	s->seq = (s->seq + 1) & (INT32_MAX >> INDEX_BITS);
	s->next_free = NO_SLOT;
	if (ids->free_count++)
		ids->slots[ids->free_last].next_free = (uint16_t)index;
	else
		ids->free_first = index;
	ids->free_last = index;
}

static int add(struct ipc_ids *ids, struct ipc_object *o)
{
	int index = take_slot(ids);

	if (index < 0)
		return index;
	struct ipc_slot *s = &ids->slots[index];

	s->object = o;
	o->perm.seq = s->seq;
	o->id = s->seq << INDEX_BITS | index;
	ids->used++;
	if (o->perm.key != IPC_PRIVATE)
		tree_insert(&ids->keys, &o->by_key);
	return 0;
}

void ipc_forget_key(struct ipc_ids *ids, struct ipc_object *o)
{
	if (o->perm.key != IPC_PRIVATE)
		tree_remove(&ids->keys, &o->by_key);
	o->perm.key = IPC_PRIVATE;
}

void ipc_remove(struct ipc_ids *ids, struct ipc_object *o)
{
	ipc_forget_key(ids, o);
	give_slot(ids, o->id & INDEX_MASK);
	ids->used--;
}

void ipc_set(struct ipc_object *o, const struct ipc_perm *perm)
{
	o->perm.uid = perm->uid;
	o->perm.gid = perm->gid;
	o->perm.mode = (o->perm.mode & ~PERMISSIONS) | (perm->mode & PERMISSIONS);
	o->ctime = ipc_now();
}

static long find_existing(const struct ipc_kind *kind, int key, int flags, const void *arg)
{
	const struct ipc_object *o = find_key(kind->ids, key);

	if (!o)
		return -ENOENT;
	if ((flags & IPC_CREAT) && (flags & IPC_EXCL))
		return -EEXIST;
	int ret = kind->check(o, arg);

	return ret ? ret : o->id;
}

static void own(struct ipc_object *o, int key, int flags)
{
	const uint32_t uid = (uint32_t)sys_geteuid(), gid = (uint32_t)sys_getegid();

	o->perm.key = key;
	o->perm.uid = o->perm.cuid = uid;
	o->perm.gid = o->perm.cgid = gid;
	o->perm.mode = (unsigned)flags & PERMISSIONS;
	o->ctime = ipc_now();
}

/* @fresh is there unless somebody else was faster, or *@kept is left false. */
static long add_fresh(const struct ipc_kind *kind, struct ipc_object *fresh, int flags, const void *arg, bool *kept)
{
	long ret = fresh->perm.key == IPC_PRIVATE ? -ENOENT : find_existing(kind, fresh->perm.key, flags, arg);

	if (ret != -ENOENT)
		return ret;
	ret = add(kind->ids, fresh);
	*kept = !ret;
	return ret ? ret : fresh->id;
}

long ipc_get(const struct ipc_kind *kind, int key, int flags, const void *arg)
{
	struct ipc_object *fresh;
	bool kept = false;
	long ret = -ENOENT;

	if (key != IPC_PRIVATE) {
		spin_lock(&kind->ids->lock);
		ret = find_existing(kind, key, flags, arg);
		spin_unlock(&kind->ids->lock);
		if (ret != -ENOENT || !(flags & IPC_CREAT))
			return ret;
	}
	ret = kind->make(arg, &fresh);
	if (ret)
		return ret;
	own(fresh, key, flags);
	spin_lock(&kind->ids->lock);
	ret = add_fresh(kind, fresh, flags, arg, &kept);
	spin_unlock(&kind->ids->lock);
	if (!kept)
		kind->free(fresh);
	return ret;
}

int64_t ipc_now(void)
{
	return (int64_t)(time_wall() / NSEC_PER_SEC);
}

static size_t charged;

void *ipc_alloc(size_t size)
{
	const size_t limit = page_total() * PAGE_SIZE / MEMORY_SHARE;

	if (size > limit || page_available() <= page_reserve())
		return NULL;
	void *p = __atomic_add_fetch(&charged, size, __ATOMIC_RELAXED) <= limit ? kzalloc(size) : NULL;

	if (!p)
		__atomic_sub_fetch(&charged, size, __ATOMIC_RELAXED);
	return p;
}

void ipc_free(void *p, size_t size)
{
	if (!p)
		return;
	__atomic_sub_fetch(&charged, size, __ATOMIC_RELAXED);
	kfree(p);
}

bool ipc_accessible(const void *p, size_t size, unsigned prot)
{
	const union {
		const void *object;
		uintptr_t value;
	} at = { p };

	return p && vmem_accessible(at.value, size, prot);
}

long ipc_get_state(struct ipc_ids *ids, int id, bool by_index, void *out, size_t size,
                   void (*describe)(const struct ipc_object *o, void *state))
{
	_Alignas(uint64_t) char state[IPC_STATE_MAX];
	long ret = -EINVAL;

	if (!ipc_accessible(out, size, VMEM_WRITE))
		return -EFAULT;
	spin_lock(&ids->lock);
	const struct ipc_object *o = by_index ? ipc_at(ids, id) : ipc_find(ids, id);

	if (o) {
		describe(o, state);
		ret = by_index ? o->id : 0;
	}
	spin_unlock(&ids->lock);
	if (o)
		memcpy(out, state, size);
	return ret;
}

long ipc_set_owner(struct ipc_ids *ids, int id, const void *in, size_t size)
{
	struct ipc_perm perm;

	if (!ipc_accessible(in, size, VMEM_READ))
		return -EFAULT;
	memcpy(&perm, in, sizeof(perm));
	spin_lock(&ids->lock);
	struct ipc_object *o = ipc_find(ids, id);

	if (o)
		ipc_set(o, &perm);
	spin_unlock(&ids->lock);
	return o ? 0 : -EINVAL;
}
