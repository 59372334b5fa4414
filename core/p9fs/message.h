/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Messages of 9P2000.L: numbers of little-endian bytes, strings of a 16-bit length and that many bytes. Writing beyond the end and reading
 * beyond it are remembered and have no other effect, so that a message is checked once, when it is whole. What is read is read once: the
 * memory may be the peer's, too.
 */
#ifndef CORE_P9FS_MESSAGE_H
#define CORE_P9FS_MESSAGE_H

#include <core/base.h>
#include <core/vfs.h>

/* Types of requests; the reply's is one more. */
enum {
	P9_LERROR = 6,
	P9_STATFS = 8,
	P9_LOPEN = 12,
	P9_LCREATE = 14,
	P9_SYMLINK = 16,
	P9_MKNOD = 18,
	P9_READLINK = 22,
	P9_GETATTR = 24,
	P9_SETATTR = 26,
	P9_READDIR = 40,
	P9_FSYNC = 50,
	P9_LINK = 70,
	P9_MKDIR = 72,
	P9_RENAMEAT = 74,
	P9_UNLINKAT = 76,
	P9_VERSION = 100,
	P9_ATTACH = 104,
	P9_WALK = 110,
	P9_READ = 116,
	P9_WRITE = 118,
	P9_CLUNK = 120,
};

#define P9_HEADER 7u /* size, type, tag */
#define P9_NO_TAG 0xffffu
#define P9_NO_FID 0xffffffffu
/* What a request or reply with data has beside that, at most. */
#define P9_DATA_HEADER 24u

#define P9_QID_DIR 0x80
#define P9_QID_LINK 0x02

/* Which file it is, to the server. */
struct p9_qid {
	uint8_t type;
	uint32_t version;
	uint64_t path;
};

struct p9_out {
	uint8_t *start, *at;
	size_t left;
	bool bad; /* it did not fit */
};

struct p9_in {
	const uint8_t *at;
	size_t left;
	bool bad; /* it ended too early, or something in it cannot be */
};

/* Begin a message in @size bytes at @buf; its size comes from p9_out_end(). */
void p9_out_begin(struct p9_out *m, void *buf, size_t size, uint8_t type, uint16_t tag);
/* Returns the size of the whole message, or 0 if it did not fit. */
uint32_t p9_out_end(struct p9_out *m);
void p9_put8(struct p9_out *m, uint8_t v);
void p9_put16(struct p9_out *m, uint16_t v);
void p9_put32(struct p9_out *m, uint32_t v);
void p9_put64(struct p9_out *m, uint64_t v);
void p9_put_string(struct p9_out *m, const char *s, size_t len);
/* Room for @n bytes at the end, which the caller fills, or NULL. */
void *p9_put_space(struct p9_out *m, size_t n);

/*
 * Open a reply of @length bytes to a request of type @type with tag @tag. Returns 0 with @m behind the header; the server's error, negated;
 * or -EPROTO if it is no reply to that.
 */
int p9_in_begin(struct p9_in *m, const void *buf, size_t length, uint8_t type, uint16_t tag);
uint8_t p9_get8(struct p9_in *m);
uint16_t p9_get16(struct p9_in *m);
uint32_t p9_get32(struct p9_in *m);
uint64_t p9_get64(struct p9_in *m);
struct p9_qid p9_get_qid(struct p9_in *m);
/* The next @n bytes, which stay in the message, or NULL. */
const void *p9_get_space(struct p9_in *m, size_t n);
/* Copy a string of 1 to @size - 1 bytes, none of them zero, and end it with one. Returns its length, 0 if it is bad. */
size_t p9_get_string(struct p9_in *m, char *buf, size_t size);

/* An entry of a directory. */
struct p9_entry {
	struct p9_qid qid;
	uint64_t next; /* offset behind it */
	uint8_t type; /* DT_* */
	size_t len;
	char name[NAME_MAX + 1];
};

/* Take the next entry. False at the end, and with @m->bad if it cannot be one: it is cut off, or its name has a slash or a zero. */
bool p9_get_entry(struct p9_in *m, struct p9_entry *e);

struct p9_attributes {
	struct p9_qid qid;
	uint32_t mode, uid, gid;
	uint64_t nlink, rdev, size, blocks;
	uint64_t atime, mtime, ctime; /* ns since 1970; what is out of range is as near as possible */
};

/* The body of a reply to P9_GETATTR. Marks @m as bad if the server left out what is needed, or its numbers cannot be. */
void p9_get_attributes(struct p9_in *m, struct p9_attributes *a);

#endif
