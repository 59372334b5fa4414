/* SPDX-License-Identifier: BSD-3-Clause */
/* cpio archives of the "newc" form (magic 070701, or 070702 whose checksum is not looked at), as initial ramdisks are. */
#ifndef CORE_CPIO_H
#define CORE_CPIO_H

#include <core/base.h>

/* One entry. The pointers are into the archive. */
struct cpio_entry {
	const char *name; /* terminated, not empty */
	const void *data; /* content, or the target of a symbolic link, not terminated; NULL if @size is 0 */
	size_t size;
	uint32_t mode; /* with the type */
	uint32_t uid, gid;
	uint32_t nlink;
	uint32_t ino;
	uint32_t mtime;
	uint32_t dev_major, dev_minor; /* of the file system it came from */
	uint32_t rdev_major, rdev_minor; /* of a device node */
};

struct cpio_reader {
	const char *data;
	size_t size;
	size_t offset; /* of the next entry; after an error, of the bad one */
};

/* Start reading @size bytes at @data, which must stay until the last cpio_next(). */
static inline void cpio_init(struct cpio_reader *r, const void *data, size_t size)
{
	r->data = data;
	r->size = size;
	r->offset = 0;
}

/*
 * The next entry; archives may follow each other with zero bytes between them. Never reads outside of the memory given
 * to cpio_init(). Returns 1, 0 at the end, or -EINVAL for a bad magic, a bad digit or a truncated archive; then
 * r->offset is that of the bad entry.
 */
int cpio_next(struct cpio_reader *r, struct cpio_entry *e);

/*
 * Create what the archive holds, with @where (a directory) in front of its names, replacing files that exist. Missing directories are
 * made. The archive is trusted with the name space: ".." and its own symbolic links may lead out of @where. Returns 0, -EINVAL as
 * cpio_next(), or the error of the file that could not be made; then *@offset, if not NULL, is the offset of its entry, and what was
 * unpacked before stays. Thread context.
 */
int cpio_unpack(const void *data, size_t size, const char *where, size_t *offset);

#endif
