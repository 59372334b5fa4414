/* SPDX-License-Identifier: BSD-3-Clause */
/* signalfd(2): signals as data. */
#include <core/alloc.h>
#include <core/string.h>
#include <posix/fd.h>
#include <posix/calls.h>

#define UNBLOCKABLE (SIG_BIT(SIGKILL) | SIG_BIT(SIGSTOP))

struct signalfd_siginfo {
	uint32_t signo;
	int32_t err;
	int32_t code;
	uint32_t pid;
	uint32_t uid;
	int32_t fd;
	uint32_t tid;
	uint32_t band;
	uint32_t overrun;
	uint32_t trapno;
	int32_t status;
	int32_t value_int;
	uint64_t value_ptr;
	uint8_t rest[72];
};

_Static_assert(sizeof(struct signalfd_siginfo) == 128, "layout of signalfd_siginfo");

struct signalfd {
	uint64_t mask;
};

static void to_user(const struct signal_info *from, struct signalfd_siginfo *to)
{
	memset(to, 0, sizeof(*to));
	to->signo = from->signo;
	to->code = from->code;
	to->pid = from->pid;
	to->overrun = from->overrun;
	to->value_int = (int32_t)from->value;
	to->value_ptr = from->value;
}

static ssize_t signalfd_read(struct file *f, struct iov_iter *it, off_t *pos)
{
	struct signalfd *s = f->priv;
	struct signalfd_siginfo out;
	struct signal_info info;
	ssize_t done = 0;
	int ret;

	(void)pos;
	if (it->left < sizeof(out))
		return -EINVAL;
	while (it->left >= sizeof(out)) {
		if (signal_dequeue(s->mask, &info) <= 0) {
			if (done)
				break;
			if (f->flags & O_NONBLOCK)
				return -EAGAIN;
			ret = wait_event_interruptible(&signal_waitq, signal_pending_mask() & s->mask);
			if (ret)
				return ret;
			continue;
		}
		to_user(&info, &out);
		done += iov_put(it, &out, sizeof(out));
	}
	return done;
}

static unsigned signalfd_poll(struct file *f, struct poll_table *pt)
{
	struct signalfd *s = f->priv;

	poll_wait(pt, &signal_waitq);
	return signal_pending_mask() & s->mask ? POLLIN : 0;
}

static void signalfd_release(struct file *f)
{
	kfree(f->priv);
}

static const struct file_ops signalfd_ops = {
	.name = "signalfd",
	.read = signalfd_read,
	.poll = signalfd_poll,
	.release = signalfd_release,
};

static long signalfd_new(uint64_t mask, long flags)
{
	struct signalfd *s = kmalloc(sizeof(*s));
	struct file *f;

	if (!s)
		return -ENOMEM;
	s->mask = mask;
	f = file_new(&signalfd_ops, s, O_RDWR | (flags & O_NONBLOCK));
	if (!f) {
		kfree(s);
		return -ENOMEM;
	}
	return fd_install(f, flags & O_CLOEXEC);
}

static long signalfd_change(long fd, uint64_t mask)
{
	struct file *f = fd_get((int)fd);
	struct signalfd *s;
	long ret = fd;

	if (!f)
		return -EBADF;
	if (f->ops != &signalfd_ops) {
		ret = -EINVAL;
	} else {
		s = f->priv;
		s->mask = mask;
	}
	file_put(f);
	waitq_wake(&signal_waitq, POLLIN);
	return ret;
}

long sys_signalfd4(int fd, const uint64_t *set, size_t size, int flags)
{
	uint64_t mask;

	if (size != SIGSET_SIZE || (flags & ~(O_CLOEXEC | O_NONBLOCK)))
		return -EINVAL;
	if (!set)
		return -EFAULT;
	mask = *set & ~UNBLOCKABLE;
	return fd == -1 ? signalfd_new(mask, flags) : signalfd_change(fd, mask);
}

long sys_signalfd(int fd, const uint64_t *set, size_t size)
{
	return sys_signalfd4(fd, set, size, 0);
}
