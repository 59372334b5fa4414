/* SPDX-License-Identifier: BSD-3-Clause */
/* select(2), pselect6(2): sets of descriptors turned into a list for poll, and back. */
#include <core/alloc.h>
#include <core/string.h>
#include <posix/fd.h>
#include <posix/calls.h>

#include "poller.h"

#define BITS 64
#define INLINE_FDS 32

/* POLLNVAL: a descriptor that only names a file is ready for all, as on Linux. */
#define READ_EVENTS (POLLIN | POLLRDNORM | POLLRDBAND | POLLHUP | POLLERR | POLLNVAL)
#define WRITE_EVENTS (POLLOUT | POLLWRNORM | POLLWRBAND | POLLERR | POLLNVAL)
#define EXCEPT_EVENTS (POLLPRI | POLLNVAL)

struct sigmask_arg {
	const uint64_t *mask;
	size_t size;
};

struct sets {
	int n;
	uint64_t *set[3]; /* read, write, except; NULL: none */
};

static const unsigned short events_of[3] = { READ_EVENTS, WRITE_EVENTS, EXCEPT_EVENTS };

static unsigned events_at(const struct sets *s, int fd)
{
	unsigned events = 0;

	for (int k = 0; k < 3; k++)
		if (s->set[k] && (s->set[k][fd / BITS] >> (fd % BITS) & 1))
			events |= events_of[k];
	return events;
}

/* Returns the number of descriptors in the sets; stores them if @fds is given. */
static unsigned collect(const struct sets *s, struct pollfd *fds)
{
	unsigned count = 0;

	for (int fd = 0; fd < s->n; fd++) {
		unsigned events = events_at(s, fd);

		if (!events)
			continue;
		if (fds)
			fds[count] = (struct pollfd){ .fd = fd, .events = (short)events };
		count++;
	}
	return count;
}

static bool is_open(int fd)
{
	struct file *f = fd_get(fd);

	if (f)
		file_put(f);
	return f != NULL;
}

/* Keep the ready ones in the sets. Returns how many bits that are, or -EBADF, which changes nothing. */
static long store(const struct sets *s, const struct pollfd *fds, unsigned count)
{
	long bits = 0;

	for (unsigned i = 0; i < count; i++)
		if (fds[i].revents & POLLNVAL && !is_open(fds[i].fd))
			return -EBADF;
	for (unsigned i = 0; i < count; i++) {
		uint64_t bit = 1ULL << (fds[i].fd % BITS);

		for (int k = 0; k < 3; k++) {
			uint64_t *word = s->set[k] ? &s->set[k][fds[i].fd / BITS] : NULL;

			if (!word || !(*word & bit))
				continue;
			if (fds[i].revents & events_of[k])
				bits++;
			else
				*word &= ~bit;
		}
	}
	return bits;
}

static long select_for(const struct sets *s, struct patience p)
{
	struct pollfd few[INLINE_FDS], *fds = few;
	unsigned count = collect(s, NULL);
	long ret;

	if (count > INLINE_FDS) {
		fds = kmalloc(count * sizeof(*fds));
		if (!fds)
			return -ENOMEM;
	}
	collect(s, fds);
	ret = poll_files(fds, count, 0, p.wait, p.deadline);
	if (ret >= 0)
		ret = store(s, fds, count);
	if (fds != few)
		kfree(fds);
	return ret;
}

long sys_pselect6(int n, uint64_t *rd, uint64_t *wr, uint64_t *ex, struct timespec *timeout, const struct sigmask_arg *mask)
{
	const struct sigmask_arg *arg = mask;
	struct sets s = { .n = (int)MIN((unsigned)n, fd_table_size()), .set = { rd, wr, ex } };
	struct patience p;

	if (n < 0 || (arg && arg->mask && arg->size != SIGSET_SIZE))
		return -EINVAL;
	if (patience_timespec(timeout, &p))
		return -EINVAL;
	if (arg && arg->mask)
		signal_mask_call(*arg->mask);
	long ret = select_for(&s, p);

	patience_left(&p, timeout);
	return ret;
}

long sys_select(int n, uint64_t *rd, uint64_t *wr, uint64_t *ex, struct timeval *tv)
{
	struct timespec ts;

	if (!tv)
		return sys_pselect6(n, rd, wr, ex, NULL, NULL);
	if (tv->tv_sec < 0 || tv->tv_usec < 0)
		return -EINVAL;
	ts.tv_sec = tv->tv_sec + tv->tv_usec / 1000000;
	ts.tv_nsec = tv->tv_usec % 1000000 * 1000;
	long ret = sys_pselect6(n, rd, wr, ex, &ts, NULL);

	*tv = (struct timeval){ ts.tv_sec, ts.tv_nsec / 1000 };
	return ret;
}
