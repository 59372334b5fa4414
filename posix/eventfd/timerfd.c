/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * timerfd(2). A periodic timer is armed again when its expirations are read, not when it fires: how many periods passed in
 * between follows from the clock, and a short period nobody reads costs nothing.
 */
#include <core/alloc.h>
#include <core/time.h>
#include <posix/fd.h>
#include <posix/calls.h>

struct timerfd {
	struct spinlock lock;
	struct timer timer;
	int clock;
	bool armed; /* waiting for @deadline, or past it and periodic */
	bool fired; /* since the last read */
	uint64_t deadline; /* monotonic */
	uint64_t interval;
	struct waitq wait;
};

static void expire(struct timer *timer)
{
	struct timerfd *t = container_of(timer, struct timerfd, timer);

	t->fired = true;
	waitq_wake(&t->wait, POLLIN | POLLRDNORM);
}

/* Under the lock: how often it expired since the last time; a periodic timer moves on to its next deadline. */
static uint64_t collect(struct timerfd *t)
{
	uint64_t n = 1;

	if (!t->fired)
		return 0;
	t->fired = false;
	if (!t->interval) {
		t->armed = false;
		return n;
	}
	n += (time_monotonic() - t->deadline) / t->interval;
	t->deadline = MIN(t->deadline + n * t->interval, TIME_MAX);
	timer_set(&t->timer, t->deadline);
	return n;
}

static uint64_t collect_locked(struct timerfd *t)
{
	uint64_t n;

	spin_lock(&t->lock);
	n = collect(t);
	spin_unlock(&t->lock);
	return n;
}

static ssize_t timerfd_read(struct file *f, struct iov_iter *it, off_t *pos)
{
	struct timerfd *t = f->priv;
	uint64_t n;
	int ret;

	(void)pos;
	if (it->left < sizeof(n))
		return -EINVAL;
	n = collect_locked(t);
	if (!n) {
		if (f->flags & O_NONBLOCK)
			return -EAGAIN;
		ret = wait_event_interruptible(&t->wait, (n = collect_locked(t)) != 0);
		if (ret)
			return ret;
	}
	return iov_put(it, &n, sizeof(n));
}

static unsigned timerfd_poll(struct file *f, struct poll_table *pt)
{
	struct timerfd *t = f->priv;

	poll_wait(pt, &t->wait);
	return t->fired ? POLLIN : 0;
}

static void timerfd_release(struct file *f)
{
	struct timerfd *t = f->priv;

	timer_cancel(&t->timer);
	kfree(t);
}

static const struct file_ops timerfd_ops = {
	.name = "timerfd",
	.read = timerfd_read,
	.poll = timerfd_poll,
	.release = timerfd_release,
};

long sys_timerfd_create(int clock, int flags)
{
	struct timerfd *t;
	struct file *f;

	if ((clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC && clock != CLOCK_BOOTTIME) ||
	    (flags & ~(O_CLOEXEC | O_NONBLOCK)))
		return -EINVAL;
	t = kzalloc(sizeof(*t));
	if (!t)
		return -ENOMEM;
	t->clock = clock;
	timer_init(&t->timer, expire);
	spinlock_init(&t->lock, "timerfd: setting and expirations");
	waitq_init(&t->wait);
	f = file_new(&timerfd_ops, t, O_RDWR | (flags & O_NONBLOCK));
	if (!f) {
		kfree(t);
		return -ENOMEM;
	}
	return fd_install(f, flags & O_CLOEXEC);
}

static uint64_t shown_by(int clock)
{
	if (clock == CLOCK_REALTIME)
		return time_wall();
	return clock == CLOCK_BOOTTIME ? time_boot() : time_monotonic();
}

static uint64_t to_deadline(const struct timerfd *t, uint64_t value, bool absolute)
{
	uint64_t now = time_monotonic(), deadline;

	if (absolute)
		deadline = deadline_at(now, shown_by(t->clock), value);
	else
		deadline = deadline_after(now, value);
	return deadline == DEADLINE_NEVER ? TIME_MAX : deadline;
}

static void get_locked(struct timerfd *t, struct itimerspec *out)
{
	uint64_t now = time_monotonic(), left = 0;

	/* A periodic timer past its deadline shows the time to its next period; what expired stays to be read. */
	if (t->armed && t->deadline > now)
		left = t->deadline - now;
	else if (t->armed && t->interval)
		left = t->interval - (now - t->deadline) % t->interval;
	else if (t->armed && !t->fired)
		left = 1;
	out->it_value = time_to_timespec(left);
	out->it_interval = time_to_timespec(t->interval);
}

static void set_locked(struct timerfd *t, const struct itimerspec *new, bool absolute)
{
	timer_cancel(&t->timer);
	t->fired = false;
	t->interval = time_of_timespec(&new->it_interval);
	t->armed = new->it_value.tv_sec || new->it_value.tv_nsec;
	if (t->armed) {
		t->deadline = to_deadline(t, time_of_timespec(&new->it_value), absolute);
		if (t->deadline < TIME_MAX)
			timer_set(&t->timer, t->deadline);
	}
}

static struct file *get_timerfd(long fd, long *err)
{
	struct file *f = fd_get((int)fd);

	if (!f) {
		*err = -EBADF;
	} else if (f->ops != &timerfd_ops) {
		file_put(f);
		f = NULL;
		*err = -EINVAL;
	}
	return f;
}

long sys_timerfd_settime(int fd, int flags, const struct itimerspec *new, struct itimerspec *old)
{
	const struct itimerspec *its = new;
	struct itimerspec before, value;
	struct timerfd *t;
	struct file *f;
	long err;

	if (!its)
		return -EFAULT;
	value = *its;
	if ((flags & ~(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET)) || !time_is_valid(&value.it_value) ||
	    !time_is_valid(&value.it_interval))
		return -EINVAL;
	f = get_timerfd(fd, &err);
	if (!f)
		return err;
	t = f->priv;
	spin_lock(&t->lock);
	get_locked(t, &before);
	set_locked(t, &value, flags & TFD_TIMER_ABSTIME);
	spin_unlock(&t->lock);
	file_put(f);
	if (old)
		*old = before;
	return 0;
}

long sys_timerfd_gettime(int fd, struct itimerspec *cur)
{
	struct itimerspec now;
	struct timerfd *t;
	struct file *f;
	long err;

	f = get_timerfd(fd, &err);
	if (!f)
		return err;
	t = f->priv;
	spin_lock(&t->lock);
	get_locked(t, &now);
	spin_unlock(&t->lock);
	file_put(f);
	*cur = now;
	return 0;
}
