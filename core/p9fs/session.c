/* SPDX-License-Identifier: BSD-3-Clause */
#include "session.h"

#include <core/alloc.h>
#include <core/errno.h>
#include <core/string.h>
#include <core/time.h>

/* How long a request waits before anybody becomes impatient, and how often it is looked after then. */
#define PATIENCE NSEC_PER_SEC

/* Bodies of most requests and replies fit in these: two names, attributes. */
#define SMALL_OUT 544
#define SMALL_IN 192

struct p9_request {
	struct p9_message message;
	struct p9_session *session;
	struct p9_fid *clunked; /* becomes spare at the end; of requests that nobody waits for */
	int length; /* of the reply, or -Exxx */
	uint16_t tag;
	uint8_t type;
	bool done, abandoned; /* answered; nobody waits any more */
	void *big_out, *big_in; /* in place of the small ones */
	uint8_t small_out[SMALL_OUT], small_in[SMALL_IN];
};

void p9_session_init(struct p9_session *s, struct p9_transport *t)
{
	*s = (struct p9_session){ .transport = t, .size_max = t->size_max };
	spinlock_init(&s->lock, "p9fs: requests and fids of a server");
	waitq_init(&s->room);
	waitq_init(&s->answers);
	list_init(&s->spare);
	list_init(&s->leaving);
}

static unsigned tags_max(const struct p9_session *s)
{
	return MIN(s->transport->requests_max, P9_REQUESTS_MAX);
}

/* Returns a tag, or -EAGAIN. */
static int take_tag(struct p9_session *s)
{
	int tag = -EAGAIN;

	spin_lock(&s->lock);
	if (~s->tags && __builtin_ctzll(~s->tags) < (int)tags_max(s)) {
		tag = __builtin_ctzll(~s->tags);
		s->tags |= 1ull << tag;
	}
	spin_unlock(&s->lock);
	return tag;
}

static void give_tag(struct p9_session *s, unsigned tag)
{
	spin_lock(&s->lock);
	s->tags &= ~(1ull << tag);
	spin_unlock(&s->lock);
	waitq_wake_n(&s->room, 1, ~0u);
}

static void request_free(struct p9_request *r)
{
	struct p9_session *s = r->session;
	unsigned tag = r->tag;

	kfree(r->big_out);
	kfree(r->big_in);
	kfree(r);
	give_tag(s, tag);
}

/* With a tag that is taken. NULL without memory. */
static struct p9_request *request_new(struct p9_session *s, unsigned tag, uint8_t type, size_t out, size_t in)
{
	struct p9_request *r = kmalloc(sizeof(*r));

	if (!r)
		return NULL;
	memset(r, 0, offsetof(struct p9_request, small_out));
	r->session = s;
	r->tag = (uint16_t)tag;
	r->type = type;
	out += P9_HEADER;
	in += P9_HEADER;
	r->big_out = out > SMALL_OUT ? kmalloc(out) : NULL;
	r->big_in = in > SMALL_IN ? kmalloc(in) : NULL;
	if ((out > SMALL_OUT && !r->big_out) || (in > SMALL_IN && !r->big_in)) {
		kfree(r->big_out);
		kfree(r->big_in);
		kfree(r);
		return NULL;
	}
	r->message.out = r->big_out ? r->big_out : r->small_out;
	r->message.out_size = out;
	r->message.in = r->big_in ? r->big_in : r->small_in;
	r->message.in_size = r->big_in ? in : SMALL_IN;
	return r;
}

static void out_begin(struct p9_out *m, struct p9_request *r)
{
	p9_out_begin(m, r->big_out ? r->big_out : r->small_out, r->message.out_size, r->type,
	             r->type == P9_VERSION ? P9_NO_TAG : r->tag);
}

/*
 * Wait on @q until @cond; see session.h. A macro for the sake of the condition. Value: 0, -EINTR or -ETIMEDOUT, the latter only for the mount.
 */
#define WAIT(s, q, cond) \
	({ \
		uint64_t start__ = time_monotonic(); \
		int wait__; \
		while ((wait__ = wait_event_full((q), (cond), next_look(s), time_monotonic() - start__ >= PATIENCE)) == \
		       -ETIMEDOUT) { \
			if ((s)->deadline && time_monotonic() >= (s)->deadline) \
				break; \
		} \
		wait__; \
	})

static uint64_t next_look(const struct p9_session *s)
{
	uint64_t at = time_monotonic() + PATIENCE;

	return s->deadline ? MIN(at, s->deadline) : at;
}

int p9_call_begin(struct p9_call *c, struct p9_session *s, uint8_t type, size_t out, size_t in)
{
	int tag = -EAGAIN;
	int ret = WAIT(s, &s->room, (tag = take_tag(s)) >= 0);

	*c = (struct p9_call){ .request = NULL };
	if (ret)
		return ret == -EINTR ? ret : -EIO;
	c->request = request_new(s, (unsigned)tag, type, out, in);
	if (!c->request) {
		give_tag(s, (unsigned)tag);
		return -ENOMEM;
	}
	out_begin(&c->out, c->request);
	return 0;
}

/* Under the lock: is the reply there? */
static bool is_done(struct p9_request *r)
{
	spin_lock(&r->session->lock);
	bool done = r->done;

	spin_unlock(&r->session->lock);
	return done;
}

/* The wait was ended. Returns false if the reply has come meanwhile; else the request is no longer ours. */
static bool abandon(struct p9_request *r)
{
	spin_lock(&r->session->lock);
	r->abandoned = !r->done;
	bool abandoned = r->abandoned;

	spin_unlock(&r->session->lock);
	return abandoned;
}

int p9_call_send(struct p9_call *c)
{
	struct p9_request *r = c->request;
	struct p9_session *s = r->session;

	r->message.out_size = p9_out_end(&c->out);
	if (!r->message.out_size)
		return -ENAMETOOLONG;
	s->transport->send(s->transport, &r->message);
	int ret = WAIT(s, &s->answers, is_done(r));

	if (ret && abandon(r)) {
		c->request = NULL;
		return ret == -EINTR ? ret : -EIO;
	}
	if (r->length < 0)
		return -EIO;
	ret = p9_in_begin(&c->in, r->message.in, (size_t)r->length, r->type, r->type == P9_VERSION ? P9_NO_TAG : r->tag);
	if (ret == -EPROTO && !c->in.bad)
		c->in.bad = true;
	c->refused = ret && !c->in.bad;
	return ret;
}

int p9_call_end(struct p9_call *c, int ret)
{
	struct p9_request *r = c->request;

	if (c->in.bad) {
		struct p9_session *s = r->session;

		log_ratelimited(&s->failures, LOG_ERR, "9p %s: a reply to request %u that cannot be: EIO", s->transport->name,
		                r->type);
		ret = -EIO;
	}
	if (r) {
		struct p9_session *s = r->session;

		request_free(r);
		p9_fids_return(s);
	}
	return ret;
}

bool p9_clunk(struct p9_fid *fid)
{
	struct p9_session *s = fid->session;
	int tag = take_tag(s);
	struct p9_request *r = tag < 0 ? NULL : request_new(s, (unsigned)tag, P9_CLUNK, sizeof(uint32_t), 0);
	struct p9_out out;

	if (!r) {
		if (tag >= 0)
			give_tag(s, (unsigned)tag);
		return false;
	}
	out_begin(&out, r);
	p9_put32(&out, fid->number);
	r->message.out_size = p9_out_end(&out);
	r->clunked = fid;
	r->abandoned = true;
	s->transport->send(s->transport, &r->message);
	return true;
}

void p9_done(struct p9_message *m, int length)
{
	struct p9_request *r = container_of(m, struct p9_request, message);
	struct p9_session *s = r->session;
	struct p9_fid *fid = r->clunked;

	spin_lock(&s->lock);
	r->length = length;
	r->done = true;
	bool ours = r->abandoned;

	if (fid)
		list_push_front(&s->spare, &fid->link);
	spin_unlock(&s->lock);
	/* From here on who waits may have freed the request. */
	if (!ours) {
		waitq_wake(&s->answers, ~0u);
		return;
	}
	request_free(r);
	p9_fids_return(s);
}
