/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared memory. Shared by the files of posix/sysvipc only. All under shm_ids.lock. */
#ifndef POSIX_SYSVIPC_SHM_H
#define POSIX_SYSVIPC_SHM_H

#include "ids.h"

struct inode;
struct vmem_pager;

/* Memory that is a nameless file's. It goes with its identifier, or with the last mapping after that. */
struct shm_segment {
	struct ipc_object base;
	struct tree_node by_address; /* of those that are not freed yet */
	size_t size;
	struct inode *inode;
	const struct vmem_pager *pager; /* of the file, of which the segment is one user */
	void *object;
	unsigned long attached; /* mappings; and calls that are about to make or to remove one */
	int64_t atime, dtime;
	int cpid, lpid;
};

extern struct ipc_ids shm_ids;

/* The segment with this identifier, or NULL. */
struct shm_segment *shm_find(int id);
static inline size_t shm_pages(const struct shm_segment *s)
{
	return ALIGN_UP(s->size, PAGE_SIZE) / PAGE_SIZE;
}
/* Pages of it that there are. */
size_t shm_resident(const struct shm_segment *s);

/* The size of the segment at this address, or 0: it is gone. */
size_t shm_size_of(const void *segment);

/* Without the lock: one user less, who had it mapped until now if @mapped. Who was the last one of what nobody finds any more frees it. Any context. */
void shm_put(struct shm_segment *s, bool mapped);
/* Free what is out of the table and has no user. Any context. */
void shm_free(struct shm_segment *s);

#endif
