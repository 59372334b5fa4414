/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What most texts fit into: those are formatted once, not once for their length and once more. */
#define SHORT 128

int vasprintf(char **text, const char *format, va_list args)
{
	char room[SHORT];
	va_list again;

	va_copy(again, args);
	int length = vsnprintf(room, sizeof(room), format, args);
	char *s = length < 0 ? NULL : malloc((size_t)length + 1);

	if (!s)
		length = -1;
	else if ((size_t)length < sizeof(room))
		memcpy(s, room, (size_t)length + 1);
	else
		length = vsnprintf(s, (size_t)length + 1, format, again);
	va_end(again);
	if (s)
		*text = s;
	return length;
}
