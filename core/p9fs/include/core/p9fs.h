/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A file system whose files are a server's: a client of the protocol 9P2000.L. What carries the messages is a driver's business.
 *
 * The server is not trusted with the image: each of its answers is checked, and what cannot be is EIO. It is asked each time, nothing is
 * cached but what open files and directories in use need.
 */
#ifndef CORE_P9FS_H
#define CORE_P9FS_H

#include <core/base.h>
#include <core/list.h>

/* One request and the memory for its reply, both physically contiguous and in the direct map. */
struct p9_message {
	struct list link; /* the transport's, until p9_done() */
	const void *out;
	uint32_t out_size;
	void *in;
	uint32_t in_size;
};

/* Given by a driver; lives for ever. */
struct p9_transport {
	const char *name; /* for messages */
	uint32_t size_max; /* bytes of the longest message, P9_SIZE_MIN or more */
	unsigned requests_max; /* at the same time, 1 or more */
	/*
	 * Send @m; p9_done() follows once, maybe before this returns, and with -EIO when the other end turns out to have gone. Any context.
	 */
	void (*send)(struct p9_transport *t, struct p9_message *m);
};

#define P9_SIZE_MIN 4096u

/* @m is the file system's again: @length bytes of a reply were put there, at most in_size, or -Exxx. Any context, without the driver's locks. */
void p9_done(struct p9_message *m, int length);

/*
 * Ask for the server's root and mount it at @path, which is made if it is missing. Returns 0, or -Exxx after a line in the log. A server
 * that does not answer is given up after some seconds. Thread context.
 */
int p9fs_mount(struct p9_transport *t, const char *path);

#endif
