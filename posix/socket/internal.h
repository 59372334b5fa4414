/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by the files of posix/socket that are for all families. */
#ifndef POSIX_SOCKET_INTERNAL_H
#define POSIX_SOCKET_INTERNAL_H

struct file;
struct socket_family;

extern struct socket_family unix_family;

/* The socket @fd as a file with a reference of the caller's. NULL: *@err is -EBADF or -ENOTSOCK. */
struct file *socket_of_fd(int fd, long *err);

#endif
