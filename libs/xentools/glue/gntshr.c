/* SPDX-License-Identifier: BSD-3-Clause */
/* libxengnttab's other half: pages of ours, granted to another domain. */
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "private.h"
#include "gnttab.h"
#include "glue.h"
#include "kernel.h"
#include <drivers/xen-grant.h>

struct sharing {
	struct sharing *next;
	char *addr;
	size_t count;
	struct notify notify;
	grant_ref_t refs[]; /* 0: not granted */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct sharing *sharings;
/* Unshared, but the other domain still has pages mapped: they cannot be used for anything else yet. */
static struct sharing *ending;

static void push(struct sharing **list, struct sharing *s)
{
	s->next = *list;
	*list = s;
}

/* Take the grants back. False: not all, the other domain has pages mapped. */
static bool end_grants(struct sharing *s)
{
	bool done = true;

	for (size_t i = 0; i < s->count; i++) {
		if (s->refs[i] && xen_grant_end(s->refs[i]))
			done = false;
		else
			s->refs[i] = 0;
	}
	return done;
}

static void retire(struct sharing *s)
{
	if (!end_grants(s)) {
		push(&ending, s);
		return;
	}
	munmap(s->addr, s->count * GLUE_PAGE_SIZE);
	free(s);
}

/* Try again what was busy. */
static void sweep(void)
{
	struct sharing *old = ending;

	ending = NULL;
	while (old) {
		struct sharing *next = old->next;

		retire(old);
		old = next;
	}
}

int osdep_gntshr_open(xengntshr_handle *xgs)
{
	xgs->fd = xentools_token_open();
	return xgs->fd < 0 ? -1 : 0;
}

int osdep_gntshr_close(xengntshr_handle *xgs)
{
	pthread_mutex_lock(&lock);
	sweep();
	pthread_mutex_unlock(&lock);
	return xgs->fd < 0 ? 0 : close(xgs->fd);
}

/* 0, or -Exxx with some granted. */
static int grant_all(struct sharing *s, uint32_t domid, bool write)
{
	for (size_t i = 0; i < s->count; i++) {
		int ref = xen_grant_access((domid_t)domid, s->addr + i * GLUE_PAGE_SIZE, !write);

		if (ref < 0)
			return ref;
		s->refs[i] = (grant_ref_t)ref;
	}
	return 0;
}

static struct sharing *sharing_new(size_t count, const struct notify *notify)
{
	struct sharing *s = calloc(1, sizeof(*s) + count * sizeof(s->refs[0]));

	if (!s)
		return NULL;
	s->count = count;
	s->notify = *notify;
	s->addr = xentools_alloc_pages(count * GLUE_PAGE_SIZE);
	if (s->addr)
		return s;
	free(s);
	return NULL;
}

void *osdep_gntshr_share_pages(xengntshr_handle *xgs, uint32_t domid, int count, uint32_t *refs, int writable,
                               uint32_t notify_offset, evtchn_port_t notify_port)
{
	struct notify notify = { .offset = notify_offset, .port = notify_port };
	struct sharing *s;
	int ret;

	if (count <= 0 || !notify_valid(&notify, (size_t)count * GLUE_PAGE_SIZE, true)) {
		errno = EINVAL;
		return NULL;
	}
	s = sharing_new((size_t)count, &notify);
	if (!s)
		return NULL;
	pthread_mutex_lock(&lock);
	sweep();
	ret = grant_all(s, domid, writable);
	if (ret)
		retire(s);
	else
		push(&sharings, s);
	pthread_mutex_unlock(&lock);
	if (ret) {
		errno = -ret;
		GSERROR(xgs->logger, "granting %d pages failed", count);
		return NULL;
	}
	for (int i = 0; i < count; i++)
		refs[i] = s->refs[i];
	return s->addr;
}

int osdep_gntshr_unshare(xengntshr_handle *xgs, void *addr, uint32_t count)
{
	struct sharing **p = &sharings, *s;

	(void)xgs;
	pthread_mutex_lock(&lock);
	while (*p && ((*p)->addr != addr || (*p)->count != count))
		p = &(*p)->next;
	s = *p;
	if (s) {
		*p = s->next;
		sweep();
		notify_clear(&s->notify, s->addr);
		notify_send(&s->notify);
		retire(s);
	}
	pthread_mutex_unlock(&lock);
	return s ? 0 : (int)xentools_result(-EINVAL);
}
