/* SPDX-License-Identifier: BSD-3-Clause */
/* cpio archives of the "newc" form (magic 070701, or 070702 whose checksum is not looked at), as initial ramdisks are. */
#ifndef CORE_CPIO_H
#define CORE_CPIO_H

#include <core/base.h>

/* What one entry says. The pointers are into the archive. */
struct cpio_entry {
	const char *name; /* terminated, not empty */
	const void *data; /* content, or the target of a symbolic link, not terminated */
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

static inline void cpio_init(struct cpio_reader *r, const void *data, size_t size)
{
	r->data = data;
	r->size = size;
	r->offset = 0;
}

/*
 * The next entry, in any archive of several that follow each other with zero bytes between. Never reads outside the
 * archive. Returns 1, 0 at the end, or -EINVAL for a bad magic, a bad digit or a truncated archive: then r->offset tells where.
 */
int cpio_next(struct cpio_reader *r, struct cpio_entry *e);

/*
 * Create what the archive holds below @where, replacing files that exist. Directories that it does not name are made. On an
 * error *@offset, if not NULL, is that of the entry. Returns 0, -EINVAL as cpio_next, or what creating a file gave.
 */
int cpio_unpack(const void *data, size_t size, const char *where, size_t *offset);

#endif
