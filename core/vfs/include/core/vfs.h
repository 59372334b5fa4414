/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The name space: inodes, directories, mounts and the walk along paths.
 *
 * There is no cache of names: a lookup asks the file system, which is in memory or, as core/p9fs, asks somebody else and may sleep. One sleeping lock,
 * vfs_lock(), covers names: walks, and everything that adds, removes or moves a name. What a walk returns is borrowed and
 * valid until the lock is released; inode_get() makes it last. There is one user, root: permission bits are kept and
 * shown, and only the execute bits matter (access(2)).
 */
#ifndef CORE_VFS_H
#define CORE_VFS_H

#include <abi/fcntl.h>
#include <abi/stat.h>
#include <core/file.h>
#include <core/sched.h>

struct inode;
struct superblock;

struct name {
	const char *s; /* not terminated */
	size_t len; /* 1..NAME_MAX */
};

struct inode_spec {
	uint32_t mode; /* with the type */
	uint64_t rdev;
	const char *target; /* of a symbolic link */
};

/* A change of attributes: those of @what are to be as given here. */
struct inode_change {
	unsigned what; /* CHANGE_* */
	uint32_t mode; /* without the type */
	uint32_t uid, gid;
	uint64_t atime, mtime; /* wall clock, ns */
};
#define CHANGE_MODE 1u
#define CHANGE_UID 2u
#define CHANGE_GID 4u
#define CHANGE_ATIME 8u
#define CHANGE_MTIME 16u
#define CHANGE_ATIME_NOW 32u
#define CHANGE_MTIME_NOW 64u

/* Operations on names run under vfs_lock(); the caller has checked types, existence and permissions. */
struct inode_ops {
	/* *@out is borrowed. 0, -ENOENT, or what went wrong where others keep the files. */
	int (*lookup)(struct inode *dir, struct name name, struct inode **out);
	/* Make a node; *@out is borrowed. 0, -ENOMEM, -ENOSPC, -EROFS. */
	int (*make)(struct inode *dir, struct name name, const struct inode_spec *spec, struct inode **out);
	int (*link)(struct inode *dir, struct name name, struct inode *inode);
	/* Remove the name of @inode; a directory must be empty, or -ENOTEMPTY. */
	int (*unlink)(struct inode *dir, struct name name, struct inode *inode);
	/* Move, replacing @target if not NULL; -ENOTEMPTY if that is a directory with entries. */
	int (*rename)(struct inode *from, struct name old, struct inode *to, struct name new, struct inode *inode,
	              struct inode *target);
	/* Let two names change places; both exist, and neither is above the other's directory. Absent: -EINVAL. */
	int (*exchange)(struct inode *from, struct name old, struct inode *to, struct name new);
	/* A regular file without a name, in @dir's file system; *@out has one reference. Absent: -EOPNOTSUPP. */
	int (*tmpfile)(struct inode *dir, uint32_t mode, struct inode **out);
	/*
	 * A symbolic link that leads to an inode instead of a path, as those of /proc/self/fd do: *@out is borrowed, -ENXIO if there
	 * is no inode. Absent: @target counts.
	 */
	int (*follow)(struct inode *link, struct inode **out);
	/* Its text, at most @size bytes, without a zero at the end: the length, or -Exxx. Absent: @target. */
	ssize_t (*readlink)(struct inode *link, char *buf, size_t size);
	/* Entries of a directory from *@pos on, without "." and ".."; see file_ops.iterate. */
	int (*iterate)(struct inode *dir, off_t *pos, dirent_fn fn, void *arg);

	/* The rest run without vfs_lock(). Set @f->ops and @f->priv of a regular file being opened. */
	int (*open)(struct inode *inode, struct file *f);
	/* The same for a directory. Absent: it is read by @iterate. */
	int (*open_dir)(struct inode *inode, struct file *f);
	/* Bring the attributes up to date where others change them, too. 0 or -Exxx. Absent: they are. */
	int (*refresh)(struct inode *inode);
	/* Attributes are about to be changed in the inode: keep them. 0, or -Exxx and they stay as they were. Absent: the inode is enough. */
	int (*change)(struct inode *inode, const struct inode_change *change);
	int (*truncate)(struct inode *inode, off_t size);
	/*
	 * Add F_SEAL_* to those of an inode that can have them, whose lock is held: it is not sealed against that. 0, or -EBUSY if something
	 * that is mapped could still be written. Absent: -EINVAL.
	 */
	int (*seal)(struct inode *inode, uint32_t seals);
	/* 512-byte units in use. */
	uint64_t (*blocks)(struct inode *inode);
	/* Complete @st, which is cleared. 0 or -Exxx. */
	int (*statfs)(struct superblock *sb, struct statfs *st);
	/* No name and no reference is left. Frees the inode. */
	void (*destroy)(struct inode *inode);
};

struct inode {
	const struct inode_ops *ops;
	struct superblock *sb;
	unsigned refs; /* one per name, plus users */
	uint32_t mode;
	uint32_t uid, gid;
	uint32_t nlink;
	uint64_t ino;
	uint64_t rdev;
	off_t size; /* under @lock */
	uint64_t atime, mtime, ctime; /* wall clock, ns */
	struct mutex lock; /* the content */
	struct inode *parent; /* directories: counted, the root's is itself and not counted */
	struct superblock *mounted; /* what covers this directory */
	const char *target; /* symbolic links: owned by the file system */
	void *attached; /* the bound socket of an S_IFSOCK node, kept by posix/socket under vfs_lock(); an open FIFO's pipe, by posix/pipe */
	bool linkable; /* from O_TMPFILE: may get its first name later */
	uint32_t seals; /* F_SEAL_* */
	bool sealable; /* from memfd_create() */
	struct list locks; /* advisory locks, kept by posix/fd */
	struct list watches, watched,
		places; /* see <core/notify.h>: of this inode; among those with watches; of files that have it open */
};

struct superblock {
	struct inode *root;
	struct inode *covered; /* the mount point; NULL for the root file system and for unmounted ones */
	uint64_t dev;
	uint64_t magic;
	uint64_t next_ino;
};

/* The fields every file system sets the same way: one reference, nlink 1, times now. */
void inode_init(struct inode *inode, struct superblock *sb, const struct inode_ops *ops, uint32_t mode);

static inline struct inode *inode_get(struct inode *inode)
{
	__atomic_add_fetch(&inode->refs, 1, __ATOMIC_RELAXED);
	return inode;
}

/* A reference to an inode that may be on its way out: false if it is. Any context; something else keeps its memory. */
bool inode_get_alive(struct inode *inode);

/* Thread context. NULL is allowed. */
void inode_put(struct inode *inode);

/*
 * Under vfs_lock(): the directory @inode was found in @dir, which is its parent now. -ELOOP if it is above that. Thread context, without locks that a
 * file system takes to let an inode go: the parent so far may be.
 */
int inode_set_parent(struct inode *inode, struct inode *dir);

/* Set times to now. */
#define INODE_ATIME 1u
#define INODE_MTIME 2u
#define INODE_CTIME 4u
void inode_touch(struct inode *inode, unsigned which);
/* Fill all of @st. Returns 0, or -Exxx if the file system cannot say. Without vfs_lock(). */
int inode_stat(struct inode *inode, struct stat *st);
/* Set attributes in the inode alone, and the time of change; for inode_ops.change that write them from there. */
void inode_apply(struct inode *inode, const struct inode_change *change);
/* Change attributes, and the time of change. Returns 0, or why the file system refuses. Without vfs_lock(). */
int inode_change(struct inode *inode, const struct inode_change *change);

/* The lock of all names, see above. Thread context; sleeps. Not recursive. */
void vfs_lock(void);
void vfs_unlock(void);
/*
 * Put @inode when vfs_lock(), which the caller holds, is released: for operations that hand out what they had to make. Returns 0, or
 * -ENOMEM after having put it at once.
 */
int vfs_put_later(struct inode *inode);

/* The root directory, borrowed for ever. */
struct inode *vfs_root(void);
/* Make @sb the root file system. Boot only. */
void vfs_set_root(struct superblock *sb);
/* Cover the directory @path with @sb. Returns 0, -EBUSY when it is covered already, or what the walk gave. */
int vfs_mount(const char *path, struct superblock *sb);
/* Make all that was written durable, in all file systems. Returns 0, or the first failure. Thread context. */
#ifdef CONFIG_CORE_VFS_CACHED
int vfs_sync(void);
#else
static inline int vfs_sync(void)
{
	return 0;
}
#endif
/* A fresh st_dev for a file system. */
uint64_t vfs_new_dev(void);

/* --- walks: under vfs_lock() ---------------------------------------------------------------------------------------- */

#define WALK_FOLLOW 1u /* follow a symbolic link in the last component */
#define WALK_PARENT 2u /* for calls that change the last name: never follow it, not even before a trailing slash */

enum walk_kind { WALK_NAME, WALK_DOT, WALK_DOTDOT, WALK_ROOT };

struct walk {
	struct inode *dir; /* the directory of the last component */
	struct inode *inode; /* what the path names, or NULL: the last component does not exist */
	enum walk_kind kind; /* of the last component */
	bool slash; /* it was followed by a slash */
	struct name name; /* points into @buf */
	char buf[NAME_MAX + 1];
};

/*
 * Walk @path from @base (NULL: the root) and describe where it leads. Returns 0 also when only the last component is
 * missing. -ENOENT, -ENOTDIR, -ELOOP, -ENAMETOOLONG, -ENOMEM, -EFAULT for a NULL path.
 */
int vfs_walk(struct inode *base, const char *path, unsigned flags, struct walk *w);
/* As vfs_walk, and -ENOENT if the last component is missing. */
int vfs_find(struct inode *base, const char *path, unsigned flags, struct inode **out);

/* --- whole operations: they take vfs_lock() themselves ------------------------------------------------------------- */

/* Open @path from @base with open(2)'s flags; @mode (umask applied) for a new file. Returns 0 with a reference in *@out, or open(2)'s -Exxx. */
int vfs_open(struct inode *base, const char *path, unsigned flags, uint32_t mode, struct file **out);
/* Open @inode, of which the file takes a reference of its own. Returns 0 with a reference in *@out, or open(2)'s -Exxx. */
int vfs_open_inode(struct inode *inode, unsigned flags, struct file **out);
/* Make a node of spec->mode's type. -EEXIST if the name is taken. @out, if not NULL, gets a counted reference. */
int vfs_make(struct inode *base, const char *path, const struct inode_spec *spec, struct inode **out);
/* As unlink(2) or, with @rmdir, rmdir(2). */
int vfs_unlink(struct inode *base, const char *path, bool rmdir);
/* Give what @old names a second name, as link(2); @flags: WALK_FOLLOW for a link's target. Returns 0 or link(2)'s -Exxx. */
int vfs_link(struct inode *old_base, const char *old, unsigned flags, struct inode *new_base, const char *new);
/* Give @inode a second name. Under vfs_lock(). Returns as vfs_link(). */
int vfs_link_inode(struct inode *inode, struct inode *base, const char *path);
/* As renameat2(2); @flags: RENAME_NOREPLACE or RENAME_EXCHANGE. */
int vfs_rename(struct inode *old_base, const char *old, struct inode *new_base, const char *new, unsigned flags);
/* Find what @path names. Returns 0 with a reference in *@out, or what the walk gave. */
int vfs_lookup(struct inode *base, const char *path, unsigned flags, struct inode **out);
/* The absolute path of @dir. Returns its length with the terminating zero, -ERANGE, or -ENOENT if it was removed. */
ssize_t vfs_path(struct inode *dir, char *buf, size_t size);
/*
 * A path of @inode, whatever it is, found by a search through its file system: for messages and /proc. Returns its length with the
 * terminating zero, -ERANGE, or -ENOENT if it has no name.
 */
ssize_t vfs_path_of(struct inode *inode, char *buf, size_t size);
/* The text of a symbolic link, at most @size bytes, not terminated. Returns its length or -Exxx. */
ssize_t inode_readlink(struct inode *link, char *buf, size_t size);
/* Set the length of a regular file. -EISDIR, -EINVAL, -EFBIG above file_size_limit. */
int inode_truncate(struct inode *inode, off_t size);

/* For file systems with open directories of their own. */

/* "." and ".." are at positions 0 and 1 of a directory. */
#define DIR_DOTS 2
/* As file_ops.iterate, for those two only. Takes vfs_lock(). Returns 0 with *@pos at DIR_DOTS or behind it, what @fn gave, or -ENOENT if @dir was removed. */
int dir_dots(struct inode *dir, off_t *pos, dirent_fn fn, void *arg);
/* file_ops.seek of a directory. */
off_t dir_seek(struct file *f, off_t offset, int whence);

/* The largest size to which the program may write or lengthen a regular file, in bytes: RLIMIT_FSIZE. */
extern uint64_t file_size_limit;
/* Called in thread context, with the file locked, when that refuses something; may be NULL. */
extern void (*file_limit_hook)(void);
/* The program wants a regular file of @inode's size to reach @size. 0, or -EFBIG after the hook was called. */
int inode_check_size(const struct inode *inode, uint64_t size);

/* Make the directory @path and those above it that are missing. Returns 0 or -Exxx. */
int vfs_mkdir_all(const char *path, uint32_t mode);

/*
 * How to open a FIFO, set by the library that has pipes: sets @f->ops and @f->priv; may sleep, interruptibly, until the other end is
 * opened. NULL: -ENXIO.
 */
extern int (*vfs_open_fifo)(struct inode *inode, struct file *f);

/* --- device nodes --------------------------------------------------------------------------------------------------- */

/* How to open character and block nodes, by their number; @open sets @f->ops and @f->priv, and returns 0 or -Exxx. */
struct device_node {
	uint32_t type; /* S_IFCHR or S_IFBLK */
	uint64_t rdev;
	int (*open)(struct device_node *node, struct file *f);
	void *priv;
	struct list link;
};

/* The node stays the caller's and must live on. Returns 0, or -EEXIST if the number is taken. */
int device_register(struct device_node *node);

#endif
