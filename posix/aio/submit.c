/* SPDX-License-Identifier: BSD-3-Clause */
/* io_submit(2). */
#include <core/alloc.h>
#include <core/notify.h>
#include <posix/calls.h>
#include <posix/eventfd.h>
#include <posix/fd.h>

#include "aio.h"

struct request {
	struct file_io io;
	struct aio_context *ctx; /* a reference */
	struct file *file, *eventfd; /* references; the second may be NULL */
	uint64_t data;
	struct iocb *obj;
	struct request *next; /* among those whose files wait to be closed */
};

/*
 * Requests that had the last reference to a file when they were done, where files cannot be closed: the next call does that. It takes a program
 * that closes a file, or its eventfd, while a request for it is on its way.
 */
static struct request *last_users;
static struct spinlock last_users_lock = SPINLOCK_INIT("aio: files to close");

void aio_close_files(void)
{
	while (READ_ONCE(last_users)) {
		spin_lock(&last_users_lock);
		struct request *r = last_users;

		if (r)
			last_users = r->next;
		spin_unlock(&last_users_lock);
		if (!r)
			return;
		if (r->file)
			file_put(r->file);
		if (r->eventfd)
			file_put(r->eventfd);
		kfree(r);
	}
}

static void release(struct request *r)
{
	if (r->file && file_put_shared(r->file))
		r->file = NULL;
	if (r->eventfd && file_put_shared(r->eventfd))
		r->eventfd = NULL;
	if (!r->file && !r->eventfd) {
		kfree(r);
		return;
	}
	spin_lock(&last_users_lock);
	r->next = last_users;
	last_users = r;
	spin_unlock(&last_users_lock);
}

static void done(struct file_io *io)
{
	struct request *r = container_of(io, struct request, io);
	struct aio_context *ctx = r->ctx;
	struct io_event event = { .data = r->data, .obj = r->obj, .res = io->result };

	aio_end(ctx, &event);
	if (r->eventfd)
		eventfd_signal(r->eventfd);
	release(r);
	aio_put(ctx);
}

/* What the other operations of a file do, at once. */
static ssize_t do_now(struct request *r)
{
	struct file *f = r->file;
	struct file_io *io = &r->io;
	off_t *pos = f->ops->seek ? &io->pos : NULL; /* a pipe has none, and does not mind the request's */

	if (io->op == FILE_IO_SYNC)
		return f->ops->fsync ? f->ops->fsync(f, false) : 0;
	return io->op == FILE_IO_READ ? file_read(f, &io->it, pos) : file_write(f, &io->it, pos);
}

static void begin(struct request *r)
{
	enum file_io_op op = r->io.op;
	struct file *f = r->file;

	file_get(f); /* the request may be gone when start() returns */
	bool started = f->ops->start && f->ops->start(f, &r->io);

	if (started && op != FILE_IO_SYNC)
		notify_file(f, op == FILE_IO_READ ? IN_ACCESS : IN_MODIFY);
	file_put(f);
	if (started)
		return;
	ssize_t result = do_now(r);

	r->io.result = result == -EINTR_FINAL || result == -EINTR_HANDLED ? -EINTR : result;
	done(&r->io);
}

/* Of a transfer: may the file do it? */
static int check_file(const struct file *f, enum file_io_op op, off_t pos)
{
	if (op == FILE_IO_SYNC)
		return (f->flags & O_PATH) ? -EBADF : f->ops->fsync || f->inode ? 0 : -EINVAL;
	if (!(op == FILE_IO_READ ? file_readable(f) : file_writable(f)))
		return -EBADF;
	if (!(op == FILE_IO_READ ? f->ops->read : f->ops->write))
		return -EINVAL;
	return pos < 0 && f->ops->seek ? -EINVAL : 0;
}

/* Describe the transfer. @vec is for a single buffer. 0 or -Exxx. */
static int describe(const struct iocb *cb, struct file_io *io, struct iovec *vec)
{
	bool vectored = cb->opcode == IOCB_CMD_PREADV || cb->opcode == IOCB_CMD_PWRITEV;

	io->pos = cb->offset;
	if (io->op == FILE_IO_SYNC)
		return cb->buf || cb->offset || cb->nbytes || cb->rw_flags ? -EINVAL : 0;
	if (cb->rw_flags)
		return -EOPNOTSUPP;
	if (!vectored) {
		*vec = (struct iovec){ cb->buf, cb->nbytes };
		return iov_init(&io->it, vec, 1);
	}
	if (cb->nbytes > IOV_MAX)
		return -EINVAL;
	if (!cb->buf && cb->nbytes)
		return -EFAULT;
	return iov_init(&io->it, cb->buf, (int)cb->nbytes);
}

static int op_of(const struct iocb *cb, enum file_io_op *op)
{
	switch (cb->opcode) {
	case IOCB_CMD_PREAD:
	case IOCB_CMD_PREADV:
		*op = FILE_IO_READ;
		return 0;
	case IOCB_CMD_PWRITE:
	case IOCB_CMD_PWRITEV:
		*op = FILE_IO_WRITE;
		return 0;
	case IOCB_CMD_FSYNC:
	case IOCB_CMD_FDSYNC:
		*op = FILE_IO_SYNC;
		return 0;
	default:
		return -EINVAL;
	}
}

/* The files of a request. */
static int get_files(struct request *r, const struct iocb *cb)
{
	r->file = fd_get((int)cb->fildes);
	if (!r->file)
		return -EBADF;
	if (!(cb->flags & IOCB_FLAG_RESFD))
		return 0;
	r->eventfd = fd_get((int)cb->resfd);
	if (!r->eventfd)
		return -EBADF;
	return eventfd_is(r->eventfd) ? 0 : -EINVAL;
}

/* 0: the request is on its way, or done. */
static int submit(struct aio_context *ctx, struct iocb *user)
{
	struct iovec vec;
	struct iocb cb;

	if (!user)
		return -EFAULT;
	cb = *user;
	if (cb.reserved)
		return -EINVAL;
	struct request *r = kzalloc(sizeof(*r));

	if (!r)
		return -EAGAIN;
	int ret = get_files(r, &cb);

	if (!ret)
		ret = op_of(&cb, &r->io.op);
	if (!ret)
		ret = check_file(r->file, r->io.op, cb.offset);
	if (!ret)
		ret = describe(&cb, &r->io, &vec);
	if (!ret && !aio_begin(ctx))
		ret = -EAGAIN;
	if (ret) {
		release(r);
		return ret;
	}
	user->key = 0;
	r->data = cb.data;
	r->obj = user;
	r->io.done = done;
	r->ctx = ctx;
	aio_hold(ctx);
	begin(r);
	return 0;
}

long sys_io_submit(unsigned long address, long n, struct iocb **iocbs)
{
	struct aio_context *ctx;
	long done = 0;
	int ret = 0;

	aio_close_files();
	if (n < 0)
		return -EINVAL;
	ctx = aio_get(address);
	if (!ctx)
		return -EINVAL;
	long most = ctx->limit;

	n = MIN(n, most);
	if (n && !iocbs)
		ret = -EFAULT;
	while (!ret && done < n) {
		ret = submit(ctx, iocbs[done]);
		done += !ret;
	}
	aio_put(ctx);
	aio_close_files();
	return done ? done : ret;
}
