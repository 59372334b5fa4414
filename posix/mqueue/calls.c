/* SPDX-License-Identifier: BSD-3-Clause */
/* mq_send(3) and mq_receive(3) with time-outs, mq_getattr(3) and mq_setattr(3). */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/string.h>
#include <core/time.h>
#include <posix/calls.h>

#include "mqueue.h"

/* The deadline of an absolute time of CLOCK_REALTIME, or of none. */
static int deadline_of(const struct timespec *ts, uint64_t *deadline)
{
	*deadline = DEADLINE_NEVER;
	if (!ts)
		return 0;
	struct timespec when = *ts;

	if (!time_is_valid(&when))
		return -EINVAL;
	*deadline = deadline_at(time_monotonic(), time_wall(), time_of_timespec(&when));
	return 0;
}

static int make_message(const void *text, size_t len, unsigned priority, struct message **out)
{
	struct message *m = kmalloc(sizeof(*m) + len);

	if (!m)
		return -ENOMEM;
	m->priority = priority;
	m->len = len;
	memcpy(m->text, text, len);
	*out = m;
	return 0;
}

static long send(struct file *f, const void *text, size_t len, unsigned priority, uint64_t deadline)
{
	struct mqueue *q = f->priv;
	struct message *m;
	int ret;

	if (!file_writable(f))
		return -EBADF;
	if (len > q->msgsize)
		return -EMSGSIZE;
	if (len && !text)
		return -EFAULT;
	ret = make_message(text, len, priority, &m);
	if (ret)
		return ret;
	ret = mqueue_put_message(q, m, !(f->flags & O_NONBLOCK), deadline);
	if (ret)
		kfree(m);
	return ret;
}

long sys_mq_timedsend(int fd, const void *text, size_t len, unsigned priority, const struct timespec *timeout)
{
	uint64_t deadline;
	long ret = deadline_of(timeout, &deadline);

	if (ret)
		return ret;
	if (priority >= MQ_PRIO_MAX)
		return -EINVAL;
	struct file *f = mqueue_file(fd);

	if (!f)
		return -EBADF;
	ret = send(f, text, len, priority, deadline);
	file_put(f);
	return ret;
}

static long receive(struct file *f, void *text, size_t len, unsigned *priority, uint64_t deadline)
{
	struct mqueue *q = f->priv;
	struct message *m;
	long ret;

	if (!file_readable(f))
		return -EBADF;
	if (len < q->msgsize)
		return -EMSGSIZE;
	if (!text)
		return -EFAULT;
	ret = mqueue_take_message(q, &m, !(f->flags & O_NONBLOCK), deadline);
	if (ret)
		return ret;
	memcpy(text, m->text, m->len);
	if (priority)
		*priority = m->priority;
	ret = m->len;
	kfree(m);
	return ret;
}

long sys_mq_timedreceive(int fd, void *text, size_t len, unsigned *priority, const struct timespec *timeout)
{
	uint64_t deadline;
	long ret = deadline_of(timeout, &deadline);

	if (ret)
		return ret;
	struct file *f = mqueue_file(fd);

	if (!f)
		return -EBADF;
	ret = receive(f, text, len, priority, deadline);
	file_put(f);
	return ret;
}

static void change(struct file *f, const struct mq_attr *new, struct mq_attr *old)
{
	const struct mqueue *q = f->priv;

	if (old)
		*old = (struct mq_attr){ .flags = f->flags & O_NONBLOCK,
			                 .maxmsg = q->maxmsg,
			                 .msgsize = q->msgsize,
			                 .curmsgs = READ_ONCE(q->count) };
	if (new)
		f->flags = (f->flags & ~O_NONBLOCK) | (unsigned)new->flags;
}

long sys_mq_getsetattr(int fd, const struct mq_attr *new, struct mq_attr *old)
{
	struct mq_attr wanted;

	if (new) {
		wanted = *new; /* @old may be the same */
		if (wanted.flags & ~O_NONBLOCK)
			return -EINVAL;
	}
	struct file *f = mqueue_file(fd);

	if (!f)
		return -EBADF;
	change(f, new ? &wanted : NULL, old);
	file_put(f);
	return 0;
}
