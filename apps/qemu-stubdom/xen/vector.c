/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "vector.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

bool vector_add(struct vector *v, const char *format, ...)
{
	va_list ap;
	char *text;

	if (v->count + 1 >= v->room) {
		int room = v->room ? 2 * v->room : 64;
		char **items = realloc(v->items, room * sizeof(*items));

		if (!items)
			goto no_memory;
		v->items = items;
		v->room = room;
	}
	va_start(ap, format);
	int len = vasprintf(&text, format, ap);

	va_end(ap);
	if (len < 0)
		goto no_memory;
	v->items[v->count++] = text;
	v->items[v->count] = NULL;
	return true;
no_memory:
	fprintf(stderr, "no memory for the device model's arguments\n");
	return false;
}

void vector_drop(struct vector *v)
{
	for (int i = 0; i < v->count; i++)
		free(v->items[i]);
	free(v->items);
	*v = (struct vector){ 0 };
}
