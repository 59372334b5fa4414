/* SPDX-License-Identifier: BSD-3-Clause */
/* A queue's descriptor: poll(2), fstat(2), and the line that read(2) gives (mq_overview(7)). */
#include <core/errno.h>
#include <core/string.h>
#include <posix/fd.h>

#include "mqueue.h"

#define LINE_MAX 80 /* and the size that fstat(2) shows, as on Linux */

static unsigned queue_poll(struct file *f, struct poll_table *pt)
{
	struct mqueue *q = f->priv;

	poll_wait(pt, &q->wait);
	unsigned count = READ_ONCE(q->count);

	return (count ? POLLIN | POLLRDNORM : 0) | (count < q->maxmsg ? POLLOUT | POLLWRNORM : 0);
}

static ssize_t queue_read(struct file *f, struct iov_iter *it, off_t *pos)
{
	struct mqueue *q = f->priv;
	char line[LINE_MAX];

	spin_lock(&q->lock);
	const struct notice *n = &q->notice;
	size_t len =
		snprintf(line, sizeof(line), "QSIZE:%-10lu NOTIFY:%-5d SIGNO:%-5d NOTIFY_PID:%-6d\n", (unsigned long)q->filled,
	                 n->on ? n->how : 0, n->on && n->how == SIGEV_SIGNAL ? n->info.signo : 0, n->on ? 1 : 0);

	spin_unlock(&q->lock);
	if (*pos < 0 || (size_t)*pos >= len)
		return 0;
	size_t done = iov_put(it, line + *pos, len - (size_t)*pos);

	*pos += (off_t)done;
	return (ssize_t)done;
}

static off_t queue_seek(struct file *f, off_t offset, int whence)
{
	return seek_in(f->pos, LINE_MAX, offset, whence);
}

static void queue_stat(struct file *f, struct stat *st)
{
	const struct mqueue *q = f->priv;

	st->st_mode = S_IFREG | q->mode;
	st->st_size = LINE_MAX;
}

static void queue_release(struct file *f)
{
	struct mqueue *q = f->priv;

	if (!q)
		return; /* nothing was opened */
	notice_drop(q);
	mqueue_put(q);
}

static const struct file_ops queue_ops = {
	.name = "mqueue",
	.read = queue_read,
	.seek = queue_seek,
	.poll = queue_poll,
	.stat = queue_stat,
	.release = queue_release,
};

struct file *mqueue_file(int fd)
{
	struct file *f = fd_get(fd);

	if (f && f->ops != &queue_ops) {
		file_put(f);
		return NULL;
	}
	return f;
}

struct file *mqueue_file_new(int flags)
{
	return file_new(&queue_ops, NULL, (unsigned)flags & (O_ACCMODE | O_NONBLOCK));
}
