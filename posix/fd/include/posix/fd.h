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

/* Put @f at the lowest free number >= @from. Its reference passes to the table on success. -EMFILE, -ENOMEM. */
int fd_install_from(struct file *f, unsigned from, bool cloexec);
/* As above from 0; on failure @f is put: the caller's reference is gone either way. */
int fd_install(struct file *f, bool cloexec);

/* Take @fd out of the table: its reference is the caller's now. NULL if not open. */
struct file *fd_remove(int fd);

#endif
