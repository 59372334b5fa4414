/* SPDX-License-Identifier: BSD-3-Clause */
/* mq_open(2), mq_unlink(2): the names of queues, which are no file system's. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/string.h>
#include <posix/calls.h>
#include <posix/fd.h>
#include <posix/file.h>
#include <posix/limits.h>

#include "mqueue.h"

static bool name_before(const struct tree_node *a, const struct tree_node *b)
{
	return strcmp(tree_entry(a, const struct mqueue, by_name)->name, tree_entry(b, const struct mqueue, by_name)->name) < 0;
}

static struct tree names = TREE_INIT(name_before, NULL);
static uint64_t charged; /* bytes of all queues */
static struct spinlock names_lock = SPINLOCK_INIT("mqueue: names");

void mqueue_uncharge(uint64_t bytes)
{
	spin_lock(&names_lock);
	charged -= bytes;
	spin_unlock(&names_lock);
}

/* Whether a name may be one once the C library has taken the leading slash away: 0, or -Exxx as Linux has it. */
static int check_name(const char *name)
{
	if (!name)
		return -EFAULT;
	size_t len = strnlen(name, PATH_MAX);

	if (len == PATH_MAX)
		return -ENAMETOOLONG;
	if (!len)
		return -ENOENT;
	if (memchr(name, '/', len) || !strcmp(name, ".") || !strcmp(name, ".."))
		return -EACCES;
	return len > NAME_MAX ? -ENAMETOOLONG : 0;
}

/* The lock is held. */
static struct mqueue *find(const char *name)
{
	for (struct tree_node *n = names.root; n;) {
		struct mqueue *q = tree_entry(n, struct mqueue, by_name);
		int order = strcmp(name, q->name);

		if (!order)
			return q;
		n = order < 0 ? n->left : n->right;
	}
	return NULL;
}

static int check_attributes(const struct mq_attr *a)
{
	return a->maxmsg <= 0 || a->msgsize <= 0 || a->maxmsg > MQ_MSG_HARD_MAX || a->msgsize > MQ_MSGSIZE_HARD_MAX ? -EINVAL
	                                                                                                            : 0;
}

/* A queue that has no name yet. */
static int make(const char *name, size_t len, unsigned mode, const struct mq_attr *given, struct mqueue **out)
{
	struct mq_attr attr = { .maxmsg = MQ_MSG_DEFAULT, .msgsize = MQ_MSGSIZE_DEFAULT };

	if (given)
		attr = *given;
	if (check_attributes(&attr))
		return -EINVAL;
	*out = mqueue_new(name, len, &attr);
	if (!*out)
		return -ENOMEM;
	(*out)->mode = umask_apply(mode) & S_IRWXUGO;
	(*out)->bytes = (uint64_t)attr.maxmsg * ((uint64_t)attr.msgsize + MQ_MSG_OVERHEAD);
	return 0;
}

/* The queue @name with a reference, which may be @fresh if there is none, and @limit bytes are enough. The lock is held. */
static int look_up(const char *name, int flags, struct mqueue *fresh, uint64_t limit, struct mqueue **out)
{
	struct mqueue *q = find(name);

	if (q && (flags & O_CREAT) && (flags & O_EXCL))
		return -EEXIST;
	if (q && (flags & O_ACCMODE) == O_ACCMODE)
		return -EINVAL;
	if (!q && !fresh)
		return -ENOENT;
	if (!q) {
		if (fresh->bytes > limit || charged > limit - fresh->bytes)
			return -EMFILE;
		charged += fresh->bytes;
		tree_insert(&names, &fresh->by_name);
		q = fresh;
	}
	__atomic_add_fetch(&q->refs, 1, __ATOMIC_RELAXED);
	*out = q;
	return 0;
}

/* A queue that did not get a name was not charged. */
static void discard(struct mqueue *q)
{
	q->bytes = 0;
	mqueue_put(q);
}

static int get_queue(const char *name, int flags, unsigned mode, const struct mq_attr *attr, struct mqueue **out)
{
	struct mqueue *fresh = NULL;
	int ret = check_name(name);

	if (ret)
		return ret;
	spin_lock(&names_lock);
	ret = look_up(name, flags, NULL, 0, out);
	spin_unlock(&names_lock);
	if (ret != -ENOENT || !(flags & O_CREAT))
		return ret;
	ret = make(name, strlen(name), mode, attr, &fresh);
	if (ret)
		return ret;
	const uint64_t limit = limit_of(RLIMIT_MSGQUEUE);

	spin_lock(&names_lock);
	ret = look_up(name, flags, fresh, limit, out);
	spin_unlock(&names_lock);
	if (ret || *out != fresh)
		discard(fresh);
	return ret;
}

long sys_mq_open(const char *name, int flags, unsigned mode, const struct mq_attr *attr)
{
	struct mqueue *q;
	struct mq_attr given;

	if (attr && (flags & O_CREAT))
		given = *attr; /* once: it is checked, then used */
	int place = fd_reserve(); /* this and the file before a queue is made */

	if (place < 0)
		return place;
	struct file *f = mqueue_file_new(flags);
	int ret = f ? get_queue(name, flags, mode, attr && (flags & O_CREAT) ? &given : NULL, &q) : -ENOMEM;

	if (ret) {
		if (f)
			file_put(f);
		fd_cancel(place);
		return ret;
	}
	f->priv = q;
	fd_publish(place, f, true);
	return place;
}

long sys_mq_unlink(const char *name)
{
	int ret = check_name(name);

	if (ret)
		return ret;
	spin_lock(&names_lock);
	struct mqueue *q = find(name);

	if (q)
		tree_remove(&names, &q->by_name);
	spin_unlock(&names_lock);
	if (!q)
		return -ENOENT;
	mqueue_put(q);
	return 0;
}
