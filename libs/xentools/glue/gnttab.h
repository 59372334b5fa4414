/* SPDX-License-Identifier: BSD-3-Clause */
/* What is to happen when a granted page is unmapped or unshared, so that the other side notices. */
#ifndef XENTOOLS_GNTTAB_H
#define XENTOOLS_GNTTAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NOTIFY_NONE UINT32_MAX

struct notify {
	uint32_t offset; /* of a byte to clear, or NOTIFY_NONE */
	uint32_t port; /* to send an event to, or NOTIFY_NONE */
};

bool notify_valid(const struct notify *notify, size_t size, bool write);
void notify_clear(const struct notify *notify, char *addr);
void notify_send(const struct notify *notify);

#endif
