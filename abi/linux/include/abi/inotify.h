/* SPDX-License-Identifier: BSD-3-Clause */
/* inotify(7): events and flags of watches, and what read(2) gives. */
#ifndef ABI_INOTIFY_H
#define ABI_INOTIFY_H

#include <stdint.h>

#define IN_ACCESS 0x001u
#define IN_MODIFY 0x002u
#define IN_ATTRIB 0x004u
#define IN_CLOSE_WRITE 0x008u
#define IN_CLOSE_NOWRITE 0x010u
#define IN_OPEN 0x020u
#define IN_MOVED_FROM 0x040u
#define IN_MOVED_TO 0x080u
#define IN_CREATE 0x100u
#define IN_DELETE 0x200u
#define IN_DELETE_SELF 0x400u
#define IN_MOVE_SELF 0x800u
#define IN_ALL_EVENTS 0xfffu
/* In events only. */
#define IN_Q_OVERFLOW 0x4000u
#define IN_IGNORED 0x8000u
#define IN_ISDIR 0x40000000u
/* Of watches only. */
#define IN_ONLYDIR 0x01000000u
#define IN_DONT_FOLLOW 0x02000000u
#define IN_EXCL_UNLINK 0x04000000u
#define IN_MASK_CREATE 0x10000000u
#define IN_MASK_ADD 0x20000000u
#define IN_ONESHOT 0x80000000u

struct inotify_event {
	int32_t wd;
	uint32_t mask, cookie;
	uint32_t len; /* of the name that follows, with the zeros that fill it up to a multiple of this structure's size */
};

#endif
