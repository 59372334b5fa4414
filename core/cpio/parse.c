/* SPDX-License-Identifier: BSD-3-Clause */
/* The form: a header of hexadecimal digits, the name, the data; name and data each padded to 4 bytes. Pure: no allocation. */
#include <core/cpio.h>
#include <core/errno.h>
#include <core/string.h>

#define MAGIC "070701"
#define MAGIC_CRC "070702"
#define MAGIC_LEN 6
#define DIGITS 8
#define TRAILER "TRAILER!!!"
#define ALIGN 4

/* Fields in their order behind the magic. */
enum {
	F_INO,
	F_MODE,
	F_UID,
	F_GID,
	F_NLINK,
	F_MTIME,
	F_FILESIZE,
	F_DEVMAJOR,
	F_DEVMINOR,
	F_RDEVMAJOR,
	F_RDEVMINOR,
	F_NAMESIZE,
	F_CHECK,
	FIELDS
};

#define HEADER (MAGIC_LEN + FIELDS * DIGITS)

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool parse_field(const char *s, uint32_t *out)
{
	*out = 0;
	for (int i = 0; i < DIGITS; i++) {
		int d = digit(s[i]);

		if (d < 0)
			return false;
		*out = *out << 4 | (uint32_t)d;
	}
	return true;
}

static bool parse_header(const char *s, uint32_t field[FIELDS])
{
	if (memcmp(s, MAGIC, MAGIC_LEN) && memcmp(s, MAGIC_CRC, MAGIC_LEN))
		return false;
	for (int i = 0; i < FIELDS; i++)
		if (!parse_field(s + MAGIC_LEN + i * DIGITS, &field[i]))
			return false;
	return true;
}

static void fill(struct cpio_entry *e, const uint32_t field[FIELDS])
{
	e->mode = field[F_MODE];
	e->uid = field[F_UID];
	e->gid = field[F_GID];
	e->nlink = field[F_NLINK];
	e->ino = field[F_INO];
	e->mtime = field[F_MTIME];
	e->dev_major = field[F_DEVMAJOR];
	e->dev_minor = field[F_DEVMINOR];
	e->rdev_major = field[F_RDEVMAJOR];
	e->rdev_minor = field[F_RDEVMINOR];
	e->size = field[F_FILESIZE];
}

/* Skip the zero bytes behind an archive. */
static void skip_padding(struct cpio_reader *r)
{
	while (r->offset < r->size && !r->data[r->offset])
		r->offset++;
}

/* The entry at r->offset; *@next is that of the following one. The checks are ordered so that no sum can overflow. */
static bool parse_entry(const struct cpio_reader *r, struct cpio_entry *e, size_t *next)
{
	size_t left = r->size - r->offset, name_size, data_at;
	const char *at = r->data + r->offset;
	uint32_t field[FIELDS];

	if (left < HEADER || !parse_header(at, field))
		return false;
	name_size = field[F_NAMESIZE];
	if (name_size < 2 || name_size > left - HEADER || at[HEADER + name_size - 1] || strlen(at + HEADER) != name_size - 1)
		return false;
	fill(e, field);
	e->name = at + HEADER;
	data_at = ALIGN_UP(r->offset + HEADER + name_size, ALIGN);
	if (e->size && (data_at > r->size || e->size > r->size - data_at))
		return false;
	e->data = e->size ? r->data + data_at : NULL;
	*next = MIN(ALIGN_UP(data_at + e->size, ALIGN), r->size); /* padding at the very end may be missing */
	return true;
}

int cpio_next(struct cpio_reader *r, struct cpio_entry *e)
{
	size_t next;

	for (;;) {
		if (r->offset >= r->size)
			return 0;
		if (!parse_entry(r, e, &next))
			return -EINVAL;
		r->offset = next;
		if (strcmp(e->name, TRAILER))
			return 1;
		skip_padding(r);
	}
}
