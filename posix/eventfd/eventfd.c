/* SPDX-License-Identifier: BSD-3-Clause */
/* eventfd(2): a counter to wait on. */
#include <core/alloc.h>
#include <posix/calls.h>
#include <posix/eventfd.h>
#include <posix/fd.h>

#define EFD_SEMAPHORE 1
#define COUNT_MAX (UINT64_MAX - 1)

struct eventfd {
	struct spinlock lock;
	uint64_t count;
	bool semaphore;
	struct waitq wait;
};

/* Take from the counter. 0 if there is nothing. */
static uint64_t take(struct eventfd *e)
{
	uint64_t value;

	spin_lock(&e->lock);
	value = e->semaphore && e->count ? 1 : e->count;
	e->count -= value;
	spin_unlock(&e->lock);
	return value;
}

static bool add(struct eventfd *e, uint64_t value)
{
	bool fits;

	spin_lock(&e->lock);
	fits = value <= COUNT_MAX - e->count;
	if (fits)
		e->count += value;
	spin_unlock(&e->lock);
	return fits;
}

static ssize_t eventfd_read(struct file *f, struct iov_iter *it, off_t *pos)
{
	struct eventfd *e = f->priv;
	uint64_t value;
	int ret;

	(void)pos;
	if (it->left < sizeof(value))
		return -EINVAL;
	value = take(e);
	if (!value) {
		if (f->flags & O_NONBLOCK)
			return -EAGAIN;
		ret = wait_event_interruptible(&e->wait, (value = take(e)) != 0);
		if (ret)
			return ret;
	}
	waitq_wake(&e->wait, POLLOUT | POLLWRNORM);
	return iov_put(it, &value, sizeof(value));
}

static ssize_t eventfd_write(struct file *f, struct iov_iter *it, off_t *pos)
{
	struct eventfd *e = f->priv;
	struct iov_iter start = *it;
	uint64_t value;
	int ret;

	(void)pos;
	if (iov_get(it, &value, sizeof(value)) < sizeof(value) || value == UINT64_MAX) {
		*it = start;
		return -EINVAL;
	}
	if (!add(e, value)) {
		ret = f->flags & O_NONBLOCK ? -EAGAIN : wait_event_interruptible(&e->wait, add(e, value));
		if (ret) {
			*it = start; /* the call may be tried again */
			return ret;
		}
	}
	waitq_wake(&e->wait, POLLIN | POLLRDNORM);
	return sizeof(value);
}

static unsigned eventfd_poll(struct file *f, struct poll_table *pt)
{
	struct eventfd *e = f->priv;
	uint64_t count;

	poll_wait(pt, &e->wait);
	count = READ_ONCE(e->count);
	return (count ? POLLIN : 0) | (count < COUNT_MAX ? POLLOUT : 0);
}

static void eventfd_release(struct file *f)
{
	kfree(f->priv);
}

static const struct file_ops eventfd_ops = {
	.name = "eventfd",
	.read = eventfd_read,
	.write = eventfd_write,
	.poll = eventfd_poll,
	.release = eventfd_release,
};

bool eventfd_is(const struct file *f)
{
	return f->ops == &eventfd_ops;
}

void eventfd_signal(struct file *f)
{
	struct eventfd *e = f->priv;

	add(e, 1);
	waitq_wake(&e->wait, POLLIN | POLLRDNORM);
}

long sys_eventfd2(unsigned initial, int flags)
{
	struct eventfd *e;
	struct file *f;

	if (flags & ~(EFD_SEMAPHORE | O_CLOEXEC | O_NONBLOCK))
		return -EINVAL;
	e = kzalloc(sizeof(*e));
	if (!e)
		return -ENOMEM;
	e->count = initial;
	e->semaphore = flags & EFD_SEMAPHORE;
	spinlock_init(&e->lock, "eventfd: counter");
	waitq_init(&e->wait);
	f = file_new(&eventfd_ops, e, O_RDWR | (flags & O_NONBLOCK));
	if (!f) {
		kfree(e);
		return -ENOMEM;
	}
	return fd_install(f, flags & O_CLOEXEC);
}

long sys_eventfd(unsigned initial)
{
	return sys_eventfd2(initial, 0);
}
