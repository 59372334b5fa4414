/* SPDX-License-Identifier: BSD-3-Clause */
/* Pipes, for calls that look into them. */
#ifndef POSIX_PIPE_H
#define POSIX_PIPE_H

#include <core/file.h>

struct pipe_page {
	char *data;
	unsigned offset, len; /* what is still to be read */
	bool packet; /* a read takes no more than this page, and what it leaves is lost */
};

/* Is @f an end of a pipe or FIFO? Any context. */
bool file_is_pipe(struct file *f);
/* Wait, unless @nonblock, for data in the pipe that @in reads. 0, also at the end; -EAGAIN, -EINTR. */
int pipe_wait_data(struct file *in, bool nonblock);
/* The same for room in the pipe that @out writes: how many bytes, or -EAGAIN, -EINTR; with SIGPIPE -EPIPE. */
ssize_t pipe_wait_room(struct file *out, bool nonblock);
/*
 * The first page of what is in the pipe of @in is the caller's until pipe_page_return(), which puts back, ahead of all, what has been left of it.
 * 1; 0 when @in has ended; -EAGAIN when there is nothing. Thread context.
 */
int pipe_page_take(struct file *in, struct pipe_page *page);
void pipe_page_return(struct file *in, const struct pipe_page *page);
/*
 * An empty page that has room in the pipe of @out; pipe_page_put() puts what it has by then behind all. 0, -EAGAIN when there is no room, -ENOMEM.
 * Thread context.
 */
int pipe_page_get(struct file *out, struct pipe_page *page);
void pipe_page_put(struct file *out, const struct pipe_page *page);
/*
 * As tee(2): copy up to @len bytes that are in the pipe of @in, which keeps them, to the pipe of @out, as far as there is room. Never waits.
 * Returns the count, 0 when @in has ended; -EAGAIN when there is nothing or no room, -EPIPE when nobody reads @out, -EINVAL for one and the
 * same pipe, -ENOMEM. Thread context.
 */
ssize_t pipe_tee(struct file *in, struct file *out, size_t len);

#endif
