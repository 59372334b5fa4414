/* SPDX-License-Identifier: BSD-3-Clause */
/* A growing argument vector. */
#ifndef XEN_VECTOR_H
#define XEN_VECTOR_H

#include <stdbool.h>

struct vector {
	char **items; /* NULL terminated */
	int count, room;
};

/* Append as printf. False, after a message, when out of memory. */
bool vector_add(struct vector *v, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Free what it holds: it is empty then. */
void vector_drop(struct vector *v);

#endif
