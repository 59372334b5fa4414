/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/copymap.h>

#include <core/alloc.h>
#include <core/errno.h>
#include <core/ramfs.h>

#define PIECE (64u << 10)

/* At most @n bytes, by way of @buf of PIECE bytes. Returns how many there were, 0 at the end. */
static ssize_t copy_piece(struct file *from, struct file *to, void *buf, off_t pos, size_t n)
{
	off_t at = pos;
	struct iov_iter it;
	struct iovec vec;
	ssize_t got, put;

	iov_single(&it, &vec, buf, MIN(n, (size_t)PIECE));
	got = from->ops->read(from, &it, &at);
	if (got <= 0)
		return got;
	at = pos;
	iov_single(&it, &vec, buf, (size_t)got);
	put = to->ops->write(to, &it, &at);
	return put == got ? got : -ENOMEM;
}

static int copy(struct file *from, struct file *to, uint64_t offset, size_t size)
{
	void *buf = kmalloc(PIECE);
	ssize_t n = buf ? 1 : -ENOMEM;

	for (size_t done = 0; n > 0 && done < size; done += (size_t)n)
		n = copy_piece(from, to, buf, (off_t)(offset + done), size - done);
	kfree(buf);
	return n < 0 ? (int)n : 0;
}

int copymap_mmap(struct file *f, uint64_t offset, size_t size, bool shared, bool writable, const struct vmem_pager **pager,
                 void **object)
{
	struct inode *inode;
	struct file *memory;
	int ret;

	if (shared && file_writable(f))
		return -ENODEV;
	ret = ramfs_anonymous(&inode);
	if (ret)
		return ret;
	ret = vfs_open_inode(inode, O_RDWR, &memory);
	inode_put(inode);
	if (ret)
		return ret;
	ret = copy(f, memory, offset, size);
	if (!ret)
		ret = file_mmap(memory, offset, size, false, writable, pager, object);
	file_put(memory);
	return ret;
}
