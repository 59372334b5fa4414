/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The engine of poll and select. One pass registers on every file's wait queues and looks; only when nothing is ready does
 * the thread sleep, and a wake makes it look again at all of them. Up to INLINE_FDS files need no allocation.
 */
#include <core/alloc.h>
#include <core/log.h>
#include <core/string.h>
#include <posix/fd.h>

#include "poller.h"

#define INLINE_FDS 16u

struct slot {
	struct wait_entry entry;
	struct poller *poller;
	unsigned events; /* wakes for others are none of ours */
};

struct poller {
	struct poll_table table;
	struct waiter waiter;
	struct slot *slots;
	unsigned used, room;
	unsigned events; /* of the file being registered */
};

struct storage {
	struct file *files[INLINE_FDS];
	struct slot slots[INLINE_FDS * POLL_QUEUES];
};

static bool wake(struct wait_entry *e, unsigned events)
{
	struct slot *s = container_of(e, struct slot, entry);

	return events & s->events && s->poller->waiter.entry.wake(&s->poller->waiter.entry, events);
}

static void add_slot(struct poll_table *pt, struct waitq *q)
{
	struct poller *p = container_of(pt, struct poller, table);
	struct slot *s = &p->slots[p->used];

	ASSERT(p->used < p->room);
	p->used++;
	list_init(&s->entry.link);
	s->entry.wake = wake;
	s->entry.exclusive = false;
	s->poller = p;
	s->events = p->events;
	waitq_add(q, &s->entry);
}

/* A descriptor that only names a file is as good as none. */
static unsigned poll_file(struct file *f, unsigned want, struct poll_table *pt)
{
	return f->flags & O_PATH ? POLLNVAL : file_poll(f, pt) & want;
}

/* Look at every file. Files are registered, if @pt is given, until the first ready one is seen: then nobody will sleep. */
static long scan(struct poller *p, struct pollfd *fds, struct file **files, unsigned n, unsigned always, bool add)
{
	long ready = 0;

	for (unsigned i = 0; i < n; i++) {
		unsigned want = (unsigned short)fds[i].events | always, got;

		if (!files[i]) {
			fds[i].revents = fds[i].fd < 0 ? 0 : (short)POLLNVAL;
			ready += fds[i].fd >= 0;
			continue;
		}
		p->events = want;
		got = poll_file(files[i], want, add && !ready ? &p->table : NULL);
		fds[i].revents = (short)got;
		ready += got != 0;
	}
	return ready;
}

static long scan_and_sleep(struct poller *p, struct pollfd *fds, struct file **files, unsigned n, unsigned always, bool wait,
                           uint64_t deadline)
{
	long ready = scan(p, fds, files, n, always, wait);

	while (!ready && wait) {
		int ret = waiter_sleep(&p->waiter, deadline, true);

		ready = scan(p, fds, files, n, always, false);
		if (ret == -ETIMEDOUT)
			break;
		if (ret && !ready)
			return ret;
	}
	return ready;
}

static long poll_with(struct pollfd *fds, unsigned n, unsigned always, bool wait, uint64_t deadline, struct file **files,
                      struct slot *slots)
{
	struct poller p = { .table.add = add_slot, .slots = slots, .room = n * POLL_QUEUES };
	long ret;

	waiter_init(&p.waiter);
	for (unsigned i = 0; i < n; i++)
		files[i] = fds[i].fd >= 0 ? fd_get(fds[i].fd) : NULL;
	ret = scan_and_sleep(&p, fds, files, n, always, wait, deadline);
	for (unsigned i = 0; i < p.used; i++)
		waitq_remove(&slots[i].entry);
	for (unsigned i = 0; i < n; i++)
		if (files[i])
			file_put(files[i]);
	return ret;
}

static long poll_many(struct pollfd *fds, unsigned n, unsigned always, bool wait, uint64_t deadline)
{
	struct slot *slots = kmalloc((size_t)n * POLL_QUEUES * sizeof(*slots));
	struct file **files = kmalloc((size_t)n * sizeof(*files));
	long ret = -ENOMEM;

	if (slots && files)
		ret = poll_with(fds, n, always, wait, deadline, files, slots);
	kfree(slots);
	kfree(files);
	return ret;
}

long poll_files(struct pollfd *fds, unsigned n, unsigned always, bool wait, uint64_t deadline)
{
	struct storage s;

	if (n > INLINE_FDS)
		return poll_many(fds, n, always, wait, deadline);
	return poll_with(fds, n, always, wait, deadline, s.files, s.slots);
}
