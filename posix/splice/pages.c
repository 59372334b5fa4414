/* SPDX-License-Identifier: BSD-3-Clause */
/* From and to pipes, by their pages: one that was taken goes back with what the output refused, and one that is filled has its room. */
#include <core/errno.h>
#include <core/notify.h>
#include <core/string.h>
#include <posix/pipe.h>

#include "copy.h"

/* As pipe_page_take(), and waits. */
static ssize_t take(struct file *in, struct pipe_page *page, bool nonblock)
{
	ssize_t ret;

	do {
		ret = pipe_wait_data(in, nonblock);
		if (ret)
			return ret;
		ret = pipe_page_take(in, page);
	} while (ret == -EAGAIN);
	return ret;
}

static void consume(struct pipe_page *page, size_t len)
{
	page->offset += (unsigned)len;
	page->len -= (unsigned)len;
}

ssize_t copy_from_pipe(struct file *in, const struct copy_end *out, size_t count, bool nonblock)
{
	struct pipe_page page;
	size_t done = 0;
	ssize_t n = 0;

	while (done < count) {
		n = take(in, &page, nonblock || done);
		if (n <= 0)
			break;
		n = copy_write(out, page.data + page.offset, MIN(count - done, (size_t)page.len));
		if (n > 0)
			consume(&page, (size_t)n);
		pipe_page_return(in, &page);
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	if (done)
		notify_file(in, IN_ACCESS);
	return done ? (ssize_t)done : n;
}

/* As pipe_page_get(), and waits. */
static ssize_t get(struct file *out, struct pipe_page *page, bool nonblock)
{
	ssize_t ret;

	do {
		ret = pipe_wait_room(out, nonblock);
		if (ret < 0)
			return ret;
		ret = pipe_page_get(out, page);
	} while (ret == -EAGAIN);
	return ret;
}

static ssize_t fill(const struct copy_end *in, struct pipe_page *page, size_t len, bool nonblock)
{
	struct pipe_page from;
	ssize_t n;

	if (!file_is_pipe(in->file))
		return copy_read(in, page->data, len);
	n = take(in->file, &from, nonblock);
	if (n <= 0)
		return n;
	len = MIN(len, (size_t)from.len);
	memcpy(page->data, from.data + from.offset, len);
	page->packet = from.packet;
	consume(&from, len);
	pipe_page_return(in->file, &from);
	return (ssize_t)len;
}

ssize_t copy_to_pipe(const struct copy_end *in, struct file *out, size_t count, bool nonblock)
{
	struct pipe_page page;
	size_t done = 0;
	ssize_t n = 0;

	while (done < count && (!done || file_poll(in->file, NULL) & POLLIN)) {
		n = get(out, &page, nonblock || done);
		if (n < 0)
			break;
		n = fill(in, &page, MIN(count - done, PAGE_SIZE), nonblock || done);
		if (n > 0)
			page.len = (unsigned)n;
		pipe_page_put(out, &page);
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	if (done)
		notify_file(out, IN_MODIFY);
	return done ? (ssize_t)done : n;
}
