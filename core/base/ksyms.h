/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KSYMS_H
#define KSYMS_H

#include <core/base.h>

/* Name of the function that holds @addr and the offset into it, or NULL if the table names none there. */
const char *ksyms_lookup(uintptr_t addr, uintptr_t *offset);
/* The same in a table of @size bytes. */
const char *ksyms_find(const void *table, size_t size, uintptr_t addr, uintptr_t *offset);
/* Is @addr in the image's text? */
bool ksyms_is_text(uintptr_t addr);

#endif
