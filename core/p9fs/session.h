/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Requests to one server, and the fids by which it knows files. Calls are for thread context unless said otherwise.
 *
 * A request waits for its answer as reads of a disk do, without regard to signals; once a server has left it unanswered for a second,
 * a signal ends the wait. What was asked for may happen nevertheless.
 */
#ifndef CORE_P9FS_SESSION_H
#define CORE_P9FS_SESSION_H

#include <core/log.h>
#include <core/p9fs.h>
#include <core/sched.h>

#include "message.h"

#define P9_REQUESTS_MAX 64u

struct p9_session;

/* A file of the server's, in use; counted. The last p9_fid_put() gives it back to the server. */
struct p9_fid {
	struct p9_session *session;
	struct list link; /* among those to give back, or the spare ones */
	uint32_t number;
	unsigned refs;
	bool known; /* the server has it, or may have it */
};

struct p9_session {
	struct p9_transport *transport;
	uint32_t size_max; /* of messages, as agreed */
	uint64_t deadline; /* for requests of the mount, ns; 0: none */
	struct spinlock lock; /* all below, and the state of requests */
	uint64_t tags; /* in use, a bit each */
	struct waitq room, answers; /* for who wants a tag, or waits for a reply */
	struct list spare, leaving; /* fids: to use again, to give back */
	uint32_t fids; /* ever made */
	bool returning; /* somebody gives fids back */
	struct log_limit failures;
};

void p9_session_init(struct p9_session *s, struct p9_transport *t);

/* One call: between p9_call_begin() and p9_call_end() its request is written to @out, and after p9_call_send() its reply read from @in. */
struct p9_call {
	struct p9_request *request;
	struct p9_out out;
	struct p9_in in;
	bool refused; /* the server answered with an error */
};

/*
 * Begin a request of @type whose body has at most @out bytes, for a reply whose body has at most @in. Waits until there is room for one more. Returns 0,
 * -ENOMEM, -EINTR, or -EIO without a server; @c need not be ended then.
 */
int p9_call_begin(struct p9_call *c, struct p9_session *s, uint8_t type, size_t out, size_t in);
/* Send it and wait for the reply. Returns 0, the server's error, -EINTR, or -EIO. */
int p9_call_send(struct p9_call *c);
/* The end, with @ret of what came before. Returns that; or -EIO, with a line in the log, for a reply that was bad. */
int p9_call_end(struct p9_call *c, int ret);

/* A fid with one reference, unknown to the server yet; NULL without memory. */
struct p9_fid *p9_fid_new(struct p9_session *s);
/* Any context. */
struct p9_fid *p9_fid_get(struct p9_fid *fid);
/* NULL is allowed. Any context; does not wait for the server. */
void p9_fid_put(struct p9_fid *fid);
/* Give back what is to be given back, as far as there are tags. Any context. */
void p9_fids_return(struct p9_session *s);

/* --- between session.c and fid.c ------------------------------------------------------------------------------------- */

/* Send a P9_CLUNK for @fid, which becomes a spare one when that was answered. False if there is no tag or memory. Any context. */
bool p9_clunk(struct p9_fid *fid);

#endif
