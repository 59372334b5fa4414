/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/alloc.h>

#include "session.h"

struct p9_fid *p9_fid_new(struct p9_session *s)
{
	struct p9_fid *fid = NULL;

	spin_lock(&s->lock);
	if (!list_empty(&s->spare)) {
		fid = list_first(&s->spare, struct p9_fid, link);
		list_del(&fid->link);
	}
	spin_unlock(&s->lock);
	if (!fid) {
		fid = kzalloc(sizeof(*fid));
		if (!fid)
			return NULL;
		fid->session = s;
		spin_lock(&s->lock);
		fid->number = ++s->fids;
		spin_unlock(&s->lock);
	}
	fid->refs = 1;
	fid->known = false;
	return fid;
}

struct p9_fid *p9_fid_get(struct p9_fid *fid)
{
	__atomic_add_fetch(&fid->refs, 1, __ATOMIC_RELAXED);
	return fid;
}

void p9_fid_put(struct p9_fid *fid)
{
	if (!fid || __atomic_sub_fetch(&fid->refs, 1, __ATOMIC_ACQ_REL))
		return;
	struct p9_session *s = fid->session;

	spin_lock(&s->lock);
	list_push_back(fid->known ? &s->leaving : &s->spare, &fid->link);
	spin_unlock(&s->lock);
	p9_fids_return(s);
}

/* The next to give back, or NULL: there is none, or somebody is at it already. That may be a caller of ours, when the transport ends requests at once. */
static struct p9_fid *take_leaving(struct p9_session *s, bool first)
{
	struct p9_fid *fid = NULL;

	spin_lock(&s->lock);
	if (list_empty(&s->leaving)) {
		if (!first)
			s->returning = false;
	} else if (!first || !s->returning) {
		fid = list_first(&s->leaving, struct p9_fid, link);
		list_del(&fid->link);
		s->returning = true;
	}
	spin_unlock(&s->lock);
	return fid;
}

void p9_fids_return(struct p9_session *s)
{
	struct p9_fid *fid = take_leaving(s, true);

	while (fid && p9_clunk(fid))
		fid = take_leaving(s, false);
	if (!fid)
		return;
	/* Later: when the next request ends. */
	spin_lock(&s->lock);
	list_push_front(&s->leaving, &fid->link);
	s->returning = false;
	spin_unlock(&s->lock);
}
