/* SPDX-License-Identifier: BSD-3-Clause */
/* inotify(7): instances and their watches. notify_lock() covers the watches of all. */
#include <core/alloc.h>
#include <core/errno.h>
#include <posix/calls.h>
#include <posix/fd.h>
#include <posix/file.h>

#include "inotify.h"

#define OWN_FLAGS (IN_EXCL_UNLINK | IN_ONESHOT)
#define CALL_FLAGS (IN_ONLYDIR | IN_DONT_FOLLOW | IN_MASK_CREATE | IN_MASK_ADD | OWN_FLAGS)

struct instance {
	struct queue queue; /* first: the file's operations are the queue's */
	struct tree watches; /* by number */
	unsigned count;
	int last; /* number */
};

struct watch {
	struct inode_watch base;
	struct tree_node node;
	struct instance *owner;
	int wd;
};

static bool wd_before(const struct tree_node *a, const struct tree_node *b)
{
	return tree_entry(a, struct watch, node)->wd < tree_entry(b, struct watch, node)->wd;
}

/* Under notify_lock(). */
static void drop(struct watch *w)
{
	struct instance *in = w->owner;

	notify_remove(&w->base);
	tree_remove(&in->watches, &w->node);
	in->count--;
	events_add(&in->queue, w->wd, IN_IGNORED, 0, (struct name){ "", 0 });
	kfree(w);
}

static void on_event(struct inode_watch *base, uint32_t event, uint32_t cookie, struct name name)
{
	struct watch *w = container_of(base, struct watch, base);

	if (event & (IN_DELETE_SELF | IN_MOVE_SELF))
		event &= ~IN_ISDIR; /* as on Linux */
	if (!(event & IN_IGNORED))
		events_add(&w->owner->queue, w->wd, event, cookie, name);
	if (event & IN_IGNORED || base->mask & IN_ONESHOT)
		drop(w);
}

static void inotify_release(struct file *f)
{
	struct instance *in = f->priv;

	notify_lock();
	while (in->watches.root)
		drop(tree_entry(in->watches.root, struct watch, node));
	notify_unlock();
	events_clear(&in->queue);
	kfree(in);
}

static const struct file_ops inotify_ops = {
	.name = "inotify",
	.read = events_read,
	.poll = events_poll,
	.seek = events_seek,
	.ioctl = events_ioctl,
	.release = inotify_release,
};

long sys_inotify_init1(int flags)
{
	if (flags & ~(O_CLOEXEC | O_NONBLOCK))
		return -EINVAL;
	struct instance *in = kzalloc(sizeof(*in));
	struct file *f = in ? file_new(&inotify_ops, in, O_RDONLY | (flags & O_NONBLOCK)) : NULL;

	if (!f) {
		kfree(in);
		return -ENOMEM;
	}
	events_init(&in->queue);
	in->watches = (struct tree)TREE_INIT(wd_before, NULL);
	return fd_install(f, flags & O_CLOEXEC);
}

long sys_inotify_init(void)
{
	return sys_inotify_init1(0);
}

/* Under notify_lock(). */
static struct watch *find_inode(struct instance *in, struct inode *inode)
{
	struct inode_watch *base;

	list_for_each(base, &inode->watches, link) {
		struct watch *w = container_of(base, struct watch, base);

		if (base->event == on_event && w->owner == in)
			return w;
	}
	return NULL;
}

static struct watch *find_number(struct instance *in, int wd)
{
	struct tree_node *n = in->watches.root;

	while (n && tree_entry(n, struct watch, node)->wd != wd)
		n = wd < tree_entry(n, struct watch, node)->wd ? n->left : n->right;
	return n ? tree_entry(n, struct watch, node) : NULL;
}

static long change(struct watch *w, uint32_t mask)
{
	uint32_t old = mask & IN_MASK_ADD ? w->base.mask : 0;

	if (mask & IN_MASK_CREATE)
		return -EEXIST;
	WRITE_ONCE(w->base.mask, old | (mask & (IN_ALL_EVENTS | OWN_FLAGS)));
	return w->wd;
}

static long add(struct instance *in, struct inode *inode, uint32_t mask)
{
	if (in->count >= WATCHES_MAX)
		return -ENOSPC;
	struct watch *w = kzalloc(sizeof(*w));

	if (!w)
		return -ENOMEM;
	w->base.mask = mask & (IN_ALL_EVENTS | OWN_FLAGS);
	w->base.event = on_event;
	w->owner = in;
	w->wd = ++in->last;
	tree_insert(&in->watches, &w->node);
	in->count++;
	notify_add(&w->base, inode);
	return w->wd;
}

static long watch_path(struct instance *in, const char *path, uint32_t mask)
{
	struct inode *inode, *base = cwd_get();
	long ret = vfs_lookup(base, path, mask & IN_DONT_FOLLOW ? 0 : WALK_FOLLOW, &inode);

	inode_put(base);
	if (ret)
		return ret;
	if ((mask & IN_ONLYDIR) && !S_ISDIR(inode->mode)) {
		inode_put(inode);
		return -ENOTDIR;
	}
	notify_lock();
	struct watch *w = find_inode(in, inode);

	ret = w ? change(w, mask) : add(in, inode, mask);
	notify_unlock();
	inode_put(inode);
	return ret;
}

/* The file of @fd with a reference, if it is an instance; its instance in *@in. */
static long get(int fd, struct file **f, struct instance **in)
{
	*f = fd_get(fd);
	if (!*f)
		return -EBADF;
	if ((*f)->ops != &inotify_ops) {
		file_put(*f);
		return -EINVAL;
	}
	*in = (*f)->priv;
	return 0;
}

long sys_inotify_add_watch(int fd, const char *path, uint32_t mask)
{
	struct instance *in;
	struct file *f;

	if (!(mask & (IN_ALL_EVENTS | CALL_FLAGS)))
		return -EINVAL;
	long ret = get(fd, &f, &in);

	if (ret)
		return ret;
	ret = (mask & IN_MASK_ADD) && (mask & IN_MASK_CREATE) ? -EINVAL : watch_path(in, path, mask);
	file_put(f);
	return ret;
}

long sys_inotify_rm_watch(int fd, int wd)
{
	struct instance *in;
	struct file *f;
	long ret = get(fd, &f, &in);

	if (ret)
		return ret;
	notify_lock();
	struct watch *w = find_number(in, wd);

	if (w)
		drop(w);
	notify_unlock();
	file_put(f);
	return w ? 0 : -EINVAL;
}
