/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of file descriptors of the one process. */
#ifndef POSIX_FD_H
#define POSIX_FD_H

#include <core/errno.h>
#include <core/file.h>
#include <posix/signal.h>

/* Descriptors are below this (RLIMIT_NOFILE); setting it is the job of setrlimit(). At most FD_LIMIT_MAX. */
#define FD_LIMIT_MAX 65536u
extern unsigned fd_limit;

/* The file behind @fd with one reference of the caller's (file_put()), or NULL: -EBADF. */
struct file *fd_get(int fd);

/*
 * Take the lowest free number before an effect that cannot be undone: until it is published the number is not open, and nobody else gets
 * it. Returns it, or -EMFILE, -ENOMEM. Then one of the other two.
 */
int fd_reserve(void);
/* Open the reserved @fd as @f, whose reference passes to the table. Cannot fail. */
void fd_publish(int fd, struct file *f, bool cloexec);
/* Give the reserved @fd back. */
void fd_cancel(int fd);

/* Put @f at the lowest free number >= @from. Its reference passes to the table on success. Returns the number, -EMFILE or -ENOMEM. */
int fd_install_from(struct file *f, unsigned from, bool cloexec);
/* As above from 0; on failure @f is put: the caller's reference is gone either way. Returns the number, -EMFILE or -ENOMEM. */
int fd_install(struct file *f, bool cloexec);

/* Both at free numbers, stored in @out before either is open, or neither. Both references are gone either way. 0, -EMFILE, -ENOMEM. */
int fd_install_pair(struct file *a, struct file *b, bool cloexec, int *out);

/* The table has room for so many: higher numbers never were open. As large as Linux's would be, since select(2) shows it. */
unsigned fd_table_size(void);

/* The lowest open descriptor >= @from, or -1. */
int fd_next(unsigned from);

/* Take @fd out of the table: its reference is the caller's now. NULL if not open. */
struct file *fd_remove(int fd);

#endif
