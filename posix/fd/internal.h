/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by the files of posix/fd only. */
#ifndef POSIX_FD_INTERNAL_H
#define POSIX_FD_INTERNAL_H

#include <posix/fd.h>

/* Set or get the close-on-exec flag. -EBADF. */
int fd_set_cloexec(int fd, bool on);
int fd_get_cloexec(int fd);
/* Put @f at exactly @fd; *@old is what was there, the caller's to put. -EBADF if out of range, -EBUSY if reserved, -ENOMEM. */
int fd_replace(int fd, struct file *f, bool cloexec, struct file **old);
/* The highest open descriptor, or -1. */
int fd_highest(void);

/* F_OFD_SETLK, F_OFD_SETLKW (@wait) and F_OFD_GETLK. */
long lock_set(struct file *f, const struct flock *fl, bool wait);
long lock_test(struct file *f, struct flock *fl);
/* owner.c: F_SETOWN and its siblings. */
long owner_fcntl(struct file *f, long cmd, union call_arg arg);
/* Is @fl well formed for @f? 0, -EINVAL, -EBADF, -EOVERFLOW. For F_SETLK, which cannot fail otherwise. */
long lock_check(struct file *f, const struct flock *fl);

#endif
