/* SPDX-License-Identifier: BSD-3-Clause */
/* An epoll instance. Shared by the files of posix/poll only. */
#ifndef POSIX_POLL_EPOLL_H
#define POSIX_POLL_EPOLL_H

#include <abi/epoll.h>
#include <core/base.h>
#include <core/file.h>

#include "poller.h"

struct epoll;

/* A new instance as a file. NULL when out of memory. */
struct file *epoll_new(void);
/* The instance behind @f, or NULL if it is something else. */
struct epoll *epoll_of(struct file *f);

/* 0, -EEXIST, -ENOENT, -EPERM for files that are always ready, -ENOMEM. */
int epoll_add(struct epoll *ep, int fd, struct file *f, const struct epoll_event *ev);
int epoll_change(struct epoll *ep, int fd, struct file *f, const struct epoll_event *ev);
int epoll_delete(struct epoll *ep, int fd, struct file *f);

/* Report up to @max events; sleeps as poll_files() does. Returns the count or -EINTR. */
long epoll_collect(struct epoll *ep, struct epoll_event *out, int max, struct patience p);

#endif
