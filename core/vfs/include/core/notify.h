/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who watches inodes hears what happens to them, and to what directories hold: the events of inotify(7), whose numbers are used. An event of a
 * file goes to the watches of the directory that it was opened in, with its name there, and to those of the file itself.
 *
 * One sleeping lock, notify_lock(), covers all watches; it is taken inside of vfs_lock() and of an inode's lock.
 */
#ifndef CORE_NOTIFY_H
#define CORE_NOTIFY_H

#include <abi/inotify.h>
#include <core/vfs.h>

struct inode_watch {
	struct list link; /* of the inode's watches */
	struct inode *inode; /* not counted; NULL when it has gone */
	uint32_t mask; /* IN_*: events that are wanted, and flags */
	/*
	 * Something that @mask wants happened: one of IN_*, perhaps with IN_ISDIR. @name: of what is in the directory, empty for the inode itself.
	 * @cookie: joins IN_MOVED_FROM and _TO. IN_IGNORED comes last, when the inode is gone and the watch is not in its list any more. Under
	 * notify_lock(), in thread context; it may remove the watch.
	 */
	void (*event)(struct inode_watch *w, uint32_t event, uint32_t cookie, struct name name);
};

/* Thread context; sleeps. Not recursive. */
void notify_lock(void);
void notify_unlock(void);
/* Under notify_lock(). The watch stays the caller's; it is in one list at a time. Removing one whose inode is NULL is harmless. */
void notify_add(struct inode_watch *w, struct inode *inode);
void notify_remove(struct inode_watch *w);

/* How many watches there are: without any, the calls below cost a look at this. */
extern unsigned notify_watches;

/* The calls below are for thread context, without notify_lock(). They report to nobody when there is nothing to report to. */

/* IN_OPEN, IN_ACCESS, IN_MODIFY ... of an open file. */
void notify_file_slow(struct file *f, uint32_t event);
static inline void notify_file(struct file *f, uint32_t event)
{
	if (unlikely(READ_ONCE(notify_watches)) && f->inode)
		notify_file_slow(f, event);
}
/*
 * IN_ATTRIB or IN_MODIFY of an inode that was reached by another way than an open file: its names in watched directories are searched for.
 * Takes vfs_lock().
 */
void notify_inode(struct inode *inode, uint32_t event);
/* To @inode's own watches only. */
void notify_self(struct inode *inode, uint32_t event);
/* To @dir's watches: IN_CREATE, IN_DELETE, IN_MOVED_* of @name, which is a directory's or not. Under vfs_lock(). */
void notify_name(struct inode *dir, struct name name, bool is_dir, uint32_t event, uint32_t cookie);
/* A cookie that no two moves share, for a while. */
uint32_t notify_cookie(void);
/* The last user of @inode is gone: IN_DELETE_SELF if its last name is too, and IN_IGNORED. */
void notify_gone(struct inode *inode);

/*
 * Where a file was opened: a directory and a name in it, which follow renames. Kept by core/vfs.
 */
struct place {
	struct list link; /* of the inode's places, under notify_lock() */
	struct inode *dir; /* counted */
	size_t len;
	char *name; /* not terminated; NULL: unknown, there was no memory for a new name */
};

/* NULL without memory. Thread context. */
struct place *place_new(struct inode *dir, struct name name);
/* From now on @place, which may be NULL, follows @inode's renames. Thread context. */
void place_attach(struct place *place, struct inode *inode);
/* @place may be NULL, or not attached. Thread context. */
void place_free(struct place *place);
/* @inode was moved. Under vfs_lock(). */
void place_moved(struct inode *inode, struct inode *from, struct name old, struct inode *to, struct name new);

#endif
