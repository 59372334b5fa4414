/* SPDX-License-Identifier: BSD-3-Clause */
/* Watches of inodes: who is to hear of an event. */
#include <core/notify.h>
#include <core/string.h>

#define NO_NAME ((struct name){ "", 0 })

unsigned notify_watches;

static struct mutex watches_lock = MUTEX_INIT(watches_lock);
static struct list watched = LIST_INIT(watched); /* inodes with watches */

void notify_lock(void)
{
	mutex_lock(&watches_lock);
}

void notify_unlock(void)
{
	mutex_unlock(&watches_lock);
}

void notify_add(struct inode_watch *w, struct inode *inode)
{
	if (list_empty(&inode->watches))
		list_push_back(&watched, &inode->watched);
	w->inode = inode;
	list_push_back(&inode->watches, &w->link);
	notify_watches++;
}

void notify_remove(struct inode_watch *w)
{
	if (!w->inode)
		return;
	list_del(&w->link);
	if (list_empty(&w->inode->watches))
		list_del(&w->inode->watched);
	w->inode = NULL;
	notify_watches--;
}

static uint32_t dir_bit(const struct inode *inode)
{
	return S_ISDIR(inode->mode) ? IN_ISDIR : 0;
}

/* @child is what @name names, if the event is the child's and not the directory's; NULL otherwise. */
static void tell(struct inode *inode, uint32_t event, uint32_t cookie, struct name name, const struct inode *child)
{
	struct inode_watch *w, *next;

	list_for_each_safe(w, next, &inode->watches, link) {
		if (!(w->mask & event & IN_ALL_EVENTS))
			continue;
		if (child && !child->nlink && (w->mask & IN_EXCL_UNLINK))
			continue;
		w->event(w, event, cookie, name);
	}
}

void notify_file_slow(struct file *f, uint32_t event)
{
	const struct place *p = f->place;

	event |= dir_bit(f->inode);
	notify_lock();
	if (p && p->name)
		tell(p->dir, event, 0, (struct name){ p->name, p->len }, f->inode);
	tell(f->inode, event, 0, NO_NAME, NULL);
	notify_unlock();
}

struct search {
	struct inode *dir;
	const struct inode *wanted;
	uint32_t event;
};

static int look(void *arg, const char *s, size_t len, uint64_t ino, unsigned type __unused, off_t next __unused)
{
	struct search *search = arg;
	struct name name = { s, len };
	struct inode *found;

	if (ino == search->wanted->ino && !search->dir->ops->lookup(search->dir, name, &found) && found == search->wanted)
		tell(search->dir, search->event, 0, name, found);
	return 0;
}

void notify_inode(struct inode *inode, uint32_t event)
{
	struct inode *dir, *next;

	if (!READ_ONCE(notify_watches))
		return;
	event |= dir_bit(inode);
	vfs_lock();
	notify_lock();
	list_for_each_safe(dir, next, &watched, watched) {
		struct search search = { dir, inode, event };
		off_t pos = 0;

		if (S_ISDIR(dir->mode) && dir->sb == inode->sb)
			dir->ops->iterate(dir, &pos, look, &search);
	}
	tell(inode, event, 0, NO_NAME, NULL);
	notify_unlock();
	vfs_unlock();
}

void notify_self(struct inode *inode, uint32_t event)
{
	if (!READ_ONCE(notify_watches))
		return;
	notify_lock();
	tell(inode, event, 0, NO_NAME, NULL);
	notify_unlock();
}

void notify_name(struct inode *dir, struct name name, bool is_dir, uint32_t event, uint32_t cookie)
{
	if (!READ_ONCE(notify_watches))
		return;
	notify_lock();
	tell(dir, event | (is_dir ? IN_ISDIR : 0), cookie, name, NULL);
	notify_unlock();
}

uint32_t notify_cookie(void)
{
	static uint32_t last;

	return __atomic_add_fetch(&last, 1, __ATOMIC_RELAXED);
}

void notify_gone(struct inode *inode)
{
	if (list_empty(&inode->watches))
		return;
	notify_lock();
	if (!inode->nlink)
		tell(inode, IN_DELETE_SELF, 0, NO_NAME, NULL);
	while (!list_empty(&inode->watches)) {
		struct inode_watch *w = list_first(&inode->watches, struct inode_watch, link);

		notify_remove(w);
		w->event(w, IN_IGNORED, 0, NO_NAME);
	}
	notify_unlock();
}
