/* SPDX-License-Identifier: BSD-3-Clause */
/* Circular doubly linked lists with the links inside the objects. The caller locks. */
#ifndef CORE_LIST_H
#define CORE_LIST_H

#include <core/base.h>

struct list {
	struct list *next, *prev;
};

#define LIST_INIT(name) \
	{ \
		&(name), &(name) \
	}

static inline void list_init(struct list *head)
{
	head->next = head->prev = head;
}

static inline bool list_empty(const struct list *head)
{
	return head->next == head;
}

/* Insert @item before @at; with @at the head, this appends. */
static inline void list_add_before(struct list *at, struct list *item)
{
	item->next = at;
	item->prev = at->prev;
	at->prev->next = item;
	at->prev = item;
}

static inline void list_push_back(struct list *head, struct list *item)
{
	list_add_before(head, item);
}

static inline void list_push_front(struct list *head, struct list *item)
{
	list_add_before(head->next, item);
}

/* Unlink @item and leave it pointing at itself, so that a second removal is harmless. */
static inline void list_del(struct list *item)
{
	item->prev->next = item->next;
	item->next->prev = item->prev;
	list_init(item);
}

/* Move all that is in @from before what is in @head. */
static inline void list_splice_front(struct list *head, struct list *from)
{
	if (list_empty(from))
		return;
	from->prev->next = head->next;
	head->next->prev = from->prev;
	from->next->prev = head;
	head->next = from->next;
	list_init(from);
}

#define list_entry(ptr, type, member) container_of(ptr, type, member)
#define list_first(head, type, member) list_entry((head)->next, type, member)
#define list_for_each(pos, head, member) \
	for (pos = list_entry((head)->next, typeof(*pos), member); &pos->member != (head); \
	     pos = list_entry(pos->member.next, typeof(*pos), member))
/* As list_for_each, and @pos may be removed by the body. */
#define list_for_each_safe(pos, tmp, head, member) \
	for (pos = list_entry((head)->next, typeof(*pos), member), tmp = list_entry(pos->member.next, typeof(*pos), member); \
	     &pos->member != (head); pos = tmp, tmp = list_entry(tmp->member.next, typeof(*tmp), member))

#endif
