/* SPDX-License-Identifier: BSD-3-Clause */
/* Text that grows as it is written. */
#include <core/alloc.h>
#include <core/string.h>

#include "internal.h"

#define FIRST_ROOM 512

static bool make_room(struct seq *s, size_t more)
{
	size_t room = MAX(s->room, (size_t)FIRST_ROOM);
	char *text;

	if (s->failed)
		return false;
	while (room - s->len < more && room <= SEQ_MAX)
		room *= 2;
	if (room == s->room)
		return true;
	text = room <= SEQ_MAX ? krealloc(s->text, room) : NULL;
	if (!text) {
		s->failed = true;
		return false;
	}
	s->text = text;
	s->room = room;
	return true;
}

void seq_write(struct seq *s, const void *data, size_t len)
{
	if (!make_room(s, len))
		return;
	memcpy(s->text + s->len, data, len);
	s->len += len;
}

void seq_printf(struct seq *s, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || !make_room(s, (size_t)n + 1))
		return;
	va_start(ap, fmt);
	vsnprintf(s->text + s->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	s->len += (size_t)n;
}
