/* SPDX-License-Identifier: BSD-3-Clause */
/* Moving data between open files. Shared by the files of posix/splice only. */
#ifndef POSIX_SPLICE_COPY_H
#define POSIX_SPLICE_COPY_H

#include <core/file.h>

/* One end of a copy. @pos NULL: at the file's position, which is moved. */
struct copy_end {
	struct file *file;
	off_t *pos;
};

/* One read or write at an end. */
ssize_t copy_read(const struct copy_end *in, char *buf, size_t len);
ssize_t copy_write(const struct copy_end *out, char *buf, size_t len);

/*
 * Copy up to @count bytes through a buffer of the kernel's, until the end of the input, which has a position, or what else stops it. What was
 * read and not taken by the output is given back. Returns the count, or -Exxx when nothing was copied.
 */
ssize_t copy_data(const struct copy_end *in, const struct copy_end *out, size_t count);

/*
 * The same for an input without a position, from or to a pipe: what the output does not take stays where it is. The first wait is for
 * something, unless @nonblock; what there is then is moved.
 */
ssize_t copy_from_pipe(struct file *in, const struct copy_end *out, size_t count, bool nonblock);
ssize_t copy_to_pipe(const struct copy_end *in, struct file *out, size_t count, bool nonblock);

#define COPY_MAX 0x7ffff000UL /* the most one call moves, as on Linux */

#endif
