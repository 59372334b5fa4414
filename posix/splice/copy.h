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

/*
 * Copy up to @count bytes through a buffer of the kernel's, until the end of the input or what else stops it. What was read and not taken
 * by the output is given back to an input that has a position. Returns the count, or -Exxx when nothing was copied.
 */
ssize_t copy_data(const struct copy_end *in, const struct copy_end *out, size_t count);

#define COPY_MAX 0x7ffff000UL /* the most one call moves, as on Linux */

#endif
