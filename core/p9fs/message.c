/* SPDX-License-Identifier: BSD-3-Clause */
#include "message.h"

#include <core/errno.h>
#include <core/string.h>

#define ERRNO_MAX 133 /* the last that Linux has */
#define BASIC_ATTRIBUTES 0x7ffu /* mode to blocks */
#define TYPE_MAX 15 /* of entries: four bits of a mode */

void p9_out_begin(struct p9_out *m, void *buf, size_t size, uint8_t type, uint16_t tag)
{
	*m = (struct p9_out){ buf, buf, size, false };
	p9_put32(m, 0);
	p9_put8(m, type);
	p9_put16(m, tag);
}

uint32_t p9_out_end(struct p9_out *m)
{
	uint32_t size = m->at - m->start;

	if (m->bad)
		return 0;
	memcpy(m->start, &size, sizeof(size));
	return size;
}

void *p9_put_space(struct p9_out *m, size_t n)
{
	uint8_t *at = m->at;

	if (m->bad || n > m->left) {
		m->bad = true;
		return NULL;
	}
	m->at += n;
	m->left -= n;
	return at;
}

/* The machine's numbers are little-endian, as those of the protocol. */
static void put(struct p9_out *m, const void *p, size_t n)
{
	void *to = p9_put_space(m, n);

	if (to)
		memcpy(to, p, n);
}

void p9_put8(struct p9_out *m, uint8_t v)
{
	put(m, &v, sizeof(v));
}

void p9_put16(struct p9_out *m, uint16_t v)
{
	put(m, &v, sizeof(v));
}

void p9_put32(struct p9_out *m, uint32_t v)
{
	put(m, &v, sizeof(v));
}

void p9_put64(struct p9_out *m, uint64_t v)
{
	put(m, &v, sizeof(v));
}

void p9_put_string(struct p9_out *m, const char *s, size_t len)
{
	if (len > UINT16_MAX) {
		m->bad = true;
		return;
	}
	p9_put16(m, (uint16_t)len);
	put(m, s, len);
}

const void *p9_get_space(struct p9_in *m, size_t n)
{
	const uint8_t *at = m->at;

	if (m->bad || n > m->left) {
		m->bad = true;
		return NULL;
	}
	m->at += n;
	m->left -= n;
	return at;
}

static uint64_t get(struct p9_in *m, size_t n)
{
	const void *from = p9_get_space(m, n);
	uint64_t v = 0;

	if (from)
		memcpy(&v, from, n);
	return v;
}

uint8_t p9_get8(struct p9_in *m)
{
	return (uint8_t)get(m, 1);
}

uint16_t p9_get16(struct p9_in *m)
{
	return (uint16_t)get(m, 2);
}

uint32_t p9_get32(struct p9_in *m)
{
	return (uint32_t)get(m, 4);
}

uint64_t p9_get64(struct p9_in *m)
{
	return get(m, 8);
}

struct p9_qid p9_get_qid(struct p9_in *m)
{
	struct p9_qid qid;

	qid.type = p9_get8(m);
	qid.version = p9_get32(m);
	qid.path = p9_get64(m);
	return qid;
}

size_t p9_get_string(struct p9_in *m, char *buf, size_t size)
{
	size_t len = p9_get16(m);
	const void *from = len && len < size ? p9_get_space(m, len) : NULL;

	if (from) {
		memcpy(buf, from, len);
		buf[len] = 0;
	}
	if (!from || strlen(buf) != len) {
		m->bad = true;
		buf[0] = 0;
		return 0;
	}
	return len;
}

int p9_in_begin(struct p9_in *m, const void *buf, size_t length, uint8_t type, uint16_t tag)
{
	*m = (struct p9_in){ buf, length, false };
	uint32_t size = p9_get32(m);
	uint8_t got = p9_get8(m);

	if (p9_get16(m) != tag || m->bad || size < P9_HEADER || size > length)
		return -EPROTO;
	m->left = size - P9_HEADER;
	if (got == P9_LERROR + 1) {
		uint32_t error = p9_get32(m);

		return m->bad || !error || error > ERRNO_MAX ? -EPROTO : -(int)error;
	}
	return got == type + 1 ? 0 : -EPROTO;
}

bool p9_get_entry(struct p9_in *m, struct p9_entry *e)
{
	if (!m->left || m->bad)
		return false;
	e->qid = p9_get_qid(m);
	e->next = p9_get64(m);
	e->type = p9_get8(m);
	e->len = p9_get_string(m, e->name, sizeof(e->name));
	if (e->type > TYPE_MAX || strchr(e->name, '/'))
		m->bad = true;
	return !m->bad;
}

static uint64_t get_time(struct p9_in *m)
{
	int64_t seconds = (int64_t)p9_get64(m);
	uint64_t ns = p9_get64(m);

	if (seconds < 0)
		return 0;
	if (seconds >= INT64_MAX / (int64_t)NSEC_PER_SEC)
		return INT64_MAX;
	return (uint64_t)seconds * NSEC_PER_SEC + MIN(ns, NSEC_PER_SEC - 1);
}

static bool is_possible(const struct p9_attributes *a)
{
	switch (a->mode & S_IFMT) {
	case S_IFREG:
	case S_IFDIR:
	case S_IFLNK:
	case S_IFCHR:
	case S_IFBLK:
	case S_IFIFO:
	case S_IFSOCK:
		break;
	default:
		return false;
	}
	return a->size <= INT64_MAX && S_ISDIR(a->mode) == !!(a->qid.type & P9_QID_DIR);
}

void p9_get_attributes(struct p9_in *m, struct p9_attributes *a)
{
	uint64_t valid = p9_get64(m);

	a->qid = p9_get_qid(m);
	a->mode = p9_get32(m);
	a->uid = p9_get32(m);
	a->gid = p9_get32(m);
	a->nlink = p9_get64(m);
	a->rdev = p9_get64(m);
	a->size = p9_get64(m);
	p9_get64(m); /* size of its blocks */
	a->blocks = p9_get64(m);
	a->atime = get_time(m);
	a->mtime = get_time(m);
	a->ctime = get_time(m);
	if ((valid & BASIC_ATTRIBUTES) != BASIC_ATTRIBUTES || !is_possible(a))
		m->bad = true;
}
