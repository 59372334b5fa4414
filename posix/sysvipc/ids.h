/* SPDX-License-Identifier: BSD-3-Clause */
/* What the three kinds have in common: keys, identifiers, owners. Shared by the files of posix/sysvipc only. */
#ifndef POSIX_SYSVIPC_IDS_H
#define POSIX_SYSVIPC_IDS_H

#include <abi/sysvipc.h>
#include <core/sched.h>
#include <core/tree.h>

struct ipc_slot;

/* A segment, a set of semaphores, a queue: the first member of what it is. */
struct ipc_object {
	struct tree_node by_key; /* in no tree if the key is IPC_PRIVATE */
	int id;
	struct ipc_perm perm;
	int64_t ctime; /* seconds */
};

/* All objects of a kind. */
struct ipc_ids {
	struct spinlock lock; /* all below, and the objects */
	struct tree keys;
	struct ipc_slot *slots; /* what an identifier's lower half is an index of */
	unsigned size, used, max; /* slots there are, those with an object, and how many there may be */
	unsigned fresh; /* slots from here on were never used */
	unsigned free_first, free_last, free_count; /* slots that were: the one that is free for the longest is used first */
};

#define IPC_IDS_INIT(most) \
	{ \
		.lock = SPINLOCK_INIT("sysvipc: objects of a kind"), .keys = TREE_INIT(ipc_key_before, NULL), .max = (most) \
	}

bool ipc_key_before(const struct tree_node *a, const struct tree_node *b);

/* How an object is made and found by ipc_get(). */
struct ipc_kind {
	struct ipc_ids *ids;
	/* Make one as @arg says. Returns 0, or -Exxx. Thread context. */
	int (*make)(const void *arg, struct ipc_object **out);
	void (*free)(struct ipc_object *o);
	/* Is @o, which has the key, what @arg asks for? 0 or -EINVAL. With the lock. */
	int (*check)(const struct ipc_object *o, const void *arg);
};

/* The identifier of the object that @key and @flags ask for, or -Exxx as semget(2) has it. Thread context. */
long ipc_get(const struct ipc_kind *kind, int key, int flags, const void *arg);

/* With the lock, in the rest. */

/* The object with this identifier, or NULL. */
struct ipc_object *ipc_find(const struct ipc_ids *ids, int id);
/* The object at this index, as IPC_INFO counts them, or NULL. */
struct ipc_object *ipc_at(const struct ipc_ids *ids, int index);
/* The highest index in use, or 0. */
int ipc_highest(const struct ipc_ids *ids);
/* It is found by its identifier only. */
void ipc_forget_key(struct ipc_ids *ids, struct ipc_object *o);
/* It is found no more. */
void ipc_remove(struct ipc_ids *ids, struct ipc_object *o);
/* What IPC_SET changes. */
void ipc_set(struct ipc_object *o, const struct ipc_perm *perm);

/* Without the lock. */

/*
 * IPC_STAT, by identifier, or with @by_index the others, which return the identifier: what @describe, called with the lock, makes of the object goes
 * to the program's @out, of @size, which is at most IPC_STATE_MAX. Returns as shmctl(2). Thread context.
 */
long ipc_get_state(struct ipc_ids *ids, int id, bool by_index, void *out, size_t size,
                   void (*describe)(const struct ipc_object *o, void *state));
#define IPC_STATE_MAX 128
/* IPC_SET where that changes the owner only: the program's @in, of @size, begins with it. Returns as shmctl(2). Thread context. */
long ipc_set_owner(struct ipc_ids *ids, int id, const void *in, size_t size);

/* Seconds since 1970. Any context. */
int64_t ipc_now(void);

/*
 * Memory that programs decide how much there is of, cleared; of all that is counted here there is a share of the machine's at most. NULL: that is
 * used up, or there is none. Any context.
 */
void *ipc_alloc(size_t size);
/* What ipc_alloc() gave for @size; NULL is allowed. */
void ipc_free(void *p, size_t size);

/* May all of the program's [p, p + size) be accessed so (VMEM_*)? Thread context. */
bool ipc_accessible(const void *p, size_t size, unsigned prot);

#endif
