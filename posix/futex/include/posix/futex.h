/* SPDX-License-Identifier: BSD-3-Clause */
/* Futexes, for kernel code that must wake user waiters. */
#ifndef POSIX_FUTEX_H
#define POSIX_FUTEX_H

/* Wake at most @count waiters on @word. Returns how many. */
int futex_wake(const int *word, int count);

#endif
