/* SPDX-License-Identifier: BSD-3-Clause */
/* getdents(2), the call before getdents64(): the type of an entry is its last byte. */
#include <core/string.h>
#include <posix/calls.h>

#include "internal.h"

struct dirent_old {
	uint64_t d_ino;
	int64_t d_off;
	uint16_t d_reclen;
	char d_name[];
};

/* In place: the name moves to where the type was, and leaves a byte behind it. */
long sys_getdents(int fd, void *buf, unsigned size)
{
	long n = sys_getdents64(fd, buf, size);

	for (long at = 0; at < n;) {
		struct dirent64 *new = buf + at;
		struct dirent_old *old = buf + at;
		uint8_t *last = buf + at + new->d_reclen - 1, type = new->d_type;

		at += new->d_reclen;
		memmove(old->d_name, new->d_name, strlen(new->d_name) + 1);
		*last = type;
	}
	return n;
}
