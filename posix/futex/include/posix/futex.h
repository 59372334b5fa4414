/* SPDX-License-Identifier: BSD-3-Clause */
/* Futexes, for kernel code that must wake user waiters. */
#ifndef POSIX_FUTEX_H
#define POSIX_FUTEX_H

/* Wake at most @count waiters on @word. Returns how many. */
int futex_wake(const int *word, int count);

/* Thread @id has another priority: if it waits for a lock of FUTEX_LOCK_PI's, so may have the owner. */
void futex_priority_changed(int id);

struct robust_list_head;
/*
 * The running thread ends, and its memory is still there: mark the locks of its robust list, NULL for none, as get_robust_list(2) has it, and
 * hand on those of FUTEX_LOCK_PI. Thread context.
 */
void futex_thread_end(const struct robust_list_head *head);

#endif
