/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Xenstore client (docs/misc/xenstore.txt): over the shared ring, any number of threads at once. Thread context. Relative paths are below
 * this domain's home. Errors are those that xenstored names (-ENOENT, -EACCES, -EAGAIN ...), -EIO for a malformed answer, and
 * -ENODEV when this domain has no xenstore. /dev/xen/xenbus offers the same connection to programs, as on Linux.
 */
#ifndef DRIVERS_XENSTORE_H
#define DRIVERS_XENSTORE_H

#include <core/base.h>
#include <core/list.h>

/* The transaction of a call. The kernel uses none; programs' go through /dev/xen/xenbus. */
typedef uint32_t xenstore_tx_t;
#define XST_NONE 0u

/* Returns 0 with the value and a NUL in *@value, to be kfree()d, and its length without the NUL in *@len unless @len is NULL; or -Exxx. */
int xenstore_read(xenstore_tx_t tx, const char *path, char **value, size_t *len);
/* Read an unsigned decimal number. Returns 0, -EINVAL if the node holds something else, or -Exxx. */
int xenstore_read_u64(xenstore_tx_t tx, const char *path, uint64_t *value);
/* Write @len bytes; the node is made if there is none. Returns 0 or -Exxx. */
int xenstore_write(xenstore_tx_t tx, const char *path, const void *value, size_t len);
/* Write text as printf(3) makes it, in at most 255 bytes. Returns 0, -EINVAL for a longer text, or -Exxx. */
int xenstore_printf(xenstore_tx_t tx, const char *path, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Returns 0 with the children's names, each NUL terminated, one after another in *@names (kfree() it), *@len bytes in all; or -Exxx. */
int xenstore_directory(xenstore_tx_t tx, const char *path, char **names, size_t *len);

struct xenstore_watch {
	const char *path;
	/* @changed: the path that changed. Called on the xenstore thread, which must not wait for xenstore: wake somebody. */
	void (*fn)(struct xenstore_watch *w, const char *changed);
	struct list link;
	unsigned connection; /* to xenstored, in which it was set */
};

/* Call @w->fn now once (xenstored does), and whenever the path or anything below it changes. @w must live until
 * xenstore_unwatch(). Returns 0 or -Exxx. */
int xenstore_watch(struct xenstore_watch *w);
void xenstore_unwatch(struct xenstore_watch *w);

#endif
