/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/string.h>

#include "ring.h"

static struct pipe_page *page_at(const struct ring *r, unsigned n)
{
	return &r->pages[n & (r->size - 1)];
}

int ring_init(struct ring *r)
{
	*r = (struct ring){ .pages = kmalloc(RING_PAGES * sizeof(*r->pages)), .size = RING_PAGES };
	return r->pages ? 0 : -ENOMEM;
}

void ring_free(struct ring *r)
{
	for (; r->tail != r->head; r->tail++)
		page_free(page_at(r, r->tail)->data, 0);
	if (r->spare)
		page_free(r->spare, 0);
	kfree(r->pages);
}

static char *get_memory(struct ring *r)
{
	char *data = r->spare;

	r->spare = NULL;
	return data ? data : page_alloc(0);
}

static void put_memory(struct ring *r, char *data)
{
	if (r->spare)
		page_free(data, 0);
	else
		r->spare = data;
}

/* A page more at the end, empty. NULL when out of memory. There must be room. */
static struct pipe_page *add_page(struct ring *r, bool packet)
{
	struct pipe_page *p = page_at(r, r->head);
	char *data = get_memory(r);

	if (!data)
		return NULL;
	r->head++;
	*p = (struct pipe_page){ .data = data, .packet = packet };
	return p;
}

static void drop_first(struct ring *r)
{
	struct pipe_page *p = page_at(r, r->tail);

	r->used -= p->len;
	r->tail++;
	put_memory(r, p->data);
}

bool ring_take(struct ring *r, struct pipe_page *page)
{
	if (!ring_readable(r))
		return false;
	*page = *page_at(r, r->tail++);
	r->used -= page->len;
	r->out++;
	r->taken = true;
	return true;
}

void ring_return(struct ring *r, const struct pipe_page *page)
{
	r->taken = false;
	r->out--;
	r->used += page->len;
	if (page->len)
		*page_at(r, --r->tail) = *page;
	else
		put_memory(r, page->data);
}

bool ring_get(struct ring *r, struct pipe_page *page)
{
	*page = (struct pipe_page){ .data = get_memory(r) };
	r->out += page->data != NULL;
	return page->data;
}

void ring_put(struct ring *r, const struct pipe_page *page)
{
	r->out--;
	r->used += page->len;
	if (page->len)
		*page_at(r, r->head++) = *page;
	else
		put_memory(r, page->data);
}

static size_t fill(struct ring *r, struct pipe_page *p, struct iov_iter *it, size_t len)
{
	size_t n = iov_get(it, p->data + p->offset + p->len, len);

	p->len += n;
	r->used += n;
	return n;
}

size_t ring_append(struct ring *r, struct iov_iter *it)
{
	size_t part = it->left % PAGE_SIZE;
	struct pipe_page *last = page_at(r, r->head - 1);

	if (!part || r->head == r->tail || last->packet || last->offset + last->len + part > PAGE_SIZE)
		return 0;
	return fill(r, last, it, part);
}

ssize_t ring_write(struct ring *r, struct iov_iter *it, bool packets)
{
	size_t done = 0;

	while (it->left && ring_room(r)) {
		struct pipe_page *p = add_page(r, packets);

		if (!p)
			return done ? (ssize_t)done : -ENOMEM;
		done += fill(r, p, it, MIN(it->left, PAGE_SIZE));
	}
	return done;
}

size_t ring_read(struct ring *r, struct iov_iter *it)
{
	size_t done = 0;

	while (it->left && ring_readable(r)) {
		struct pipe_page *p = page_at(r, r->tail);
		bool packet = p->packet;
		size_t n = iov_put(it, p->data + p->offset, p->len);

		p->offset += n;
		p->len -= n;
		r->used -= n;
		done += n;
		if (!p->len || packet)
			drop_first(r);
		if (packet)
			break;
	}
	return done;
}

ssize_t ring_copy(struct ring *to, const struct ring *from, size_t len)
{
	size_t done = 0;

	for (unsigned at = from->tail; !from->taken && done < len && at != from->head && ring_room(to); at++) {
		const struct pipe_page *p = page_at(from, at);
		struct pipe_page *copy = add_page(to, p->packet);

		if (!copy)
			return done ? (ssize_t)done : -ENOMEM;
		copy->len = MIN(len - done, p->len);
		memcpy(copy->data, p->data + p->offset, copy->len);
		to->used += copy->len;
		done += copy->len;
	}
	return done;
}

int ring_resize(struct ring *r, unsigned pages)
{
	unsigned filled = r->head - r->tail;
	struct pipe_page *new;

	if (filled + r->out > pages)
		return -EBUSY;
	new = kmalloc(pages * sizeof(*new));
	if (!new)
		return -ENOMEM;
	for (unsigned i = 0; i < filled; i++)
		new[i] = *page_at(r, r->tail + i);
	kfree(r->pages);
	r->pages = new;
	r->size = pages;
	r->tail = 0;
	r->head = filled;
	return 0;
}
