/* SPDX-License-Identifier: BSD-3-Clause */
/* The calls of libxenstore that the product makes at its start; a target is the store. */
#ifndef FUZZ_XENSTORE_H
#define FUZZ_XENSTORE_H

#include <stdbool.h>

#define XBT_NULL 0

struct xs_handle;

struct xs_handle *xs_open(unsigned long flags);
void xs_close(struct xs_handle *xs);
void *xs_read(struct xs_handle *xs, unsigned transaction, const char *path, unsigned *len);
char **xs_directory(struct xs_handle *xs, unsigned transaction, const char *path, unsigned *count);

#endif
