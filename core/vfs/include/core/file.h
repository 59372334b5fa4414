/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Open files.
 *
 * A struct file is what a descriptor refers to: POSIX's open file description. It is counted; the last file_put() calls
 * the release operation. What kind of file it is lies in its operations table: an absent operation means the kind does not
 * have it, and the caller gets the error noted there. Operations run in thread context and may sleep.
 */
#ifndef CORE_FILE_H
#define CORE_FILE_H

#include <abi/fcntl.h>
#include <abi/stat.h>
#include <core/call_arg.h>
#include <core/iov.h>
#include <core/poll.h>
#include <core/vmem.h>

struct file;
struct inode;
struct place;
struct socket_ops;

/* Called for each directory entry; a non-zero result stops the iteration before the entry counts as consumed. */
typedef int (*dirent_fn)(void *arg, const char *name, size_t len, uint64_t ino, unsigned type, off_t next);

/* A transfer or a sync that goes on while its maker does other things: see file_ops.start. */
enum file_io_op { FILE_IO_READ, FILE_IO_WRITE, FILE_IO_SYNC };

struct file_io {
	enum file_io_op op;
	struct iov_iter
		it; /* the list of pieces is the maker's again when start() returns; what they are made of stays until @done */
	off_t pos;
	ssize_t result; /* bytes, 0 for a sync, or -Exxx; set before @done */
	void (*done)(struct file_io *io); /* thread or interrupt-handler context */
};

struct file_ops {
	/*
	 * Move data at *@pos and advance *@pos; kinds without a position ignore it. Return the byte count, 0 at the end, or
	 * -Exxx when nothing was moved: -EAGAIN if it would block and O_NONBLOCK is set, -EINTR. Absent: -EINVAL.
	 */
	ssize_t (*read)(struct file *f, struct iov_iter *it, off_t *pos);
	ssize_t (*write)(struct file *f, struct iov_iter *it, off_t *pos);
	/*
	 * Begin @io, with the right to what it does checked. True: io->done() will be called, or was; @f must stay until then. False, and
	 * nothing was begun: not in this way, the other operations do it. Does not wait. Absent: false.
	 */
	bool (*start)(struct file *f, struct file_io *io);
	/* New position for lseek(2), not stored. Absent: no position, -ESPIPE (also for pread and pwrite). */
	off_t (*seek)(struct file *f, off_t offset, int whence);
	/* As ioctl(2). Absent, or unknown command: -ENOTTY. */
	long (*ioctl)(struct file *f, unsigned cmd, union call_arg arg);
	/* The commands of fcntl(2) that only some kinds of file have. Absent, or unknown command: -EBADF. */
	long (*fcntl)(struct file *f, unsigned cmd, union call_arg arg);
	/* Which of POLLIN... hold now, after naming the wait queues to @pt. Absent: always readable and writable. */
	unsigned (*poll)(struct file *f, struct poll_table *pt);
	/* The last reference is gone; free @priv. May be absent. */
	void (*release)(struct file *f);
	/* As file_mmap(). Absent: -ENODEV. */
	int (*mmap)(struct file *f, uint64_t offset, size_t size, bool shared, bool writable, const struct vmem_pager **pager,
	            void **object);
	/* Set the length. Absent: -EINVAL. */
	int (*truncate)(struct file *f, off_t size);
	/* Make written data durable. Absent: nothing to do for inodes, -EINVAL for others. */
	int (*fsync)(struct file *f, bool data_only);
	/* As fallocate(2), with checked arguments. Absent: -EOPNOTSUPP. */
	int (*fallocate)(struct file *f, int mode, off_t offset, off_t len);
	/* Call @fn for the entries from *@pos on, and move *@pos behind those consumed. Absent: -ENOTDIR. */
	int (*iterate)(struct file *f, off_t *pos, dirent_fn fn, void *arg);
	/*
	 * An inode, counted, that stands for a file without one where it is opened again (/proc/self/fd). Under vfs_lock(). 0 or -Exxx.
	 * Absent: it cannot be, -ENXIO.
	 */
	int (*node)(struct file *f, struct inode **out);
	/* Complete @st for files without an inode. Absent: anonymous inode. */
	void (*stat)(struct file *f, struct stat *st);
	const struct socket_ops *socket; /* of sockets, for posix/socket */
	const char *name; /* for messages */
};

/*
 * Somebody who must know when the file goes away (epoll). @gone is called before release, under file_watch_lock(), and
 * unlinks @link. The lock, which sleeps, covers the links of all files.
 */
struct file_watch {
	struct list link;
	void (*gone)(struct file_watch *w);
};

/* Thread context; sleeps. Not recursive. */
void file_watch_lock(void);
void file_watch_unlock(void);

struct file {
	unsigned refs;
	unsigned flags; /* O_* as F_GETFL shows them */
	off_t pos;
	const struct file_ops *ops;
	void *priv; /* of the operations */
	struct inode *inode; /* counted reference, or NULL for pipes, sockets and the like */
	struct mutex pos_lock; /* held over calls that use @pos */
	struct list watches; /* struct file_watch, under file_watch_lock() */
	int owner; /* as F_SETOWN: a process, or a group as a negative number. Kept, and told nothing */
	struct place *place; /* see <core/notify.h>; NULL: it was opened without a path */
	bool announced; /* IN_OPEN was sent, so IN_CLOSE_* follows */
	uint8_t owner_signal; /* as F_SETSIG */
	bool has_locks; /* fcntl or flock locks may exist: see file_on_unlock */
};

/* A file with one reference. @flags: O_*. Returns NULL when out of memory. */
struct file *file_new(const struct file_ops *ops, void *priv, unsigned flags);

static inline void file_get(struct file *f)
{
	__atomic_add_fetch(&f->refs, 1, __ATOMIC_RELAXED);
}

/* Drop one reference. Thread context: the last one may sleep. */
void file_put(struct file *f);
/* Drop one reference unless it is the last: false, and it is still the caller's. Any context. */
bool file_put_shared(struct file *f);

/* Set by the module that keeps advisory locks: called at the last file_put() of files with has_locks. */
extern void (*file_on_unlock)(struct file *f);

static inline bool file_readable(const struct file *f)
{
	return !(f->flags & O_PATH) && (f->flags & O_ACCMODE) != O_WRONLY;
}

static inline bool file_writable(const struct file *f)
{
	return !(f->flags & O_PATH) && ((f->flags & O_ACCMODE) == O_WRONLY || (f->flags & O_ACCMODE) == O_RDWR);
}

/* For operations that write to a regular file: whether @it goes to the file's end, wherever the position is. */
static inline bool file_appends(const struct file *f, const struct iov_iter *it)
{
	return it->append == IOV_APPEND_ALWAYS || (it->append == IOV_APPEND_AS_OPENED && (f->flags & O_APPEND));
}

/*
 * Read or write at @pos, or with @pos NULL at the file's position. -EBADF for the wrong access mode, -EINVAL for positions that no
 * file has, else as the operation.
 */
ssize_t file_read(struct file *f, struct iov_iter *it, off_t *pos);
ssize_t file_write(struct file *f, struct iov_iter *it, off_t *pos);

/* As lseek(2). */
off_t file_seek(struct file *f, off_t offset, int whence);

/* The readiness of @f; see file_ops.poll. */
static inline unsigned file_poll(struct file *f, struct poll_table *pt)
{
	if (!f->ops->poll)
		return POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM;
	return f->ops->poll(f, pt);
}

/*
 * How to map [offset, offset + size) of @f. On success *@pager and *@object (with one reference for the new region) go to
 * vmem_map(); *@pager NULL means anonymous memory. -EACCES for a wrong open mode, -ENODEV if the kind cannot be mapped,
 * -EINVAL, -EOVERFLOW.
 */
int file_mmap(struct file *f, uint64_t offset, size_t size, bool shared, bool writable, const struct vmem_pager **pager,
              void **object);

/* Fill all of @st. Returns 0 or -Exxx, as inode_stat(). */
int file_stat(struct file *f, struct stat *st);

/* lseek() arithmetic for a file of @size bytes without holes: the new position, or -EINVAL, -ENXIO. */
off_t seek_in(off_t pos, off_t size, off_t offset, int whence);

#endif
