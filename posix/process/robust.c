/* SPDX-License-Identifier: BSD-3-Clause */
/* get_robust_list(2): where a thread keeps the list of the locks that it holds. */
#include <abi/futex.h>
#include <core/errno.h>
#include <posix/calls.h>

#include "internal.h"

long sys_set_robust_list(struct robust_list_head *head, size_t size)
{
	if (size != sizeof(*head))
		return -EINVAL;
	posix_thread_self()->robust = head;
	return 0;
}

long sys_get_robust_list(int tid, struct robust_list_head **head, size_t *size)
{
	struct robust_list_head *found = NULL;

	spin_lock(&threads_lock);
	const struct thread *t = tid ? thread_find(tid) : thread_self();
	const struct posix_thread *p = t ? t->posix : NULL;

	if (p)
		found = p->robust;
	spin_unlock(&threads_lock);
	if (!p)
		return -ESRCH;
	*size = sizeof(*found);
	*head = found;
	return 0;
}
