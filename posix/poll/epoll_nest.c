/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Instances that watch instances. A wake goes up through all of them, and a look goes down: so there are no circles, and at most NESTS_MAX
 * steps from the top to the bottom. Everything is under file_watch_lock(), without which no item comes or goes.
 */
#include <core/errno.h>

#include "epoll_item.h"

#define NESTS_MAX 4u

static unsigned search; /* the number of the present one */

/* Steps to the lowest instance below @ep; each is looked at once in a search. */
static unsigned depth_below(struct epoll *ep)
{
	unsigned depth = 0;

	if (ep->visit == search)
		return ep->depth;
	for (struct tree_node *n = tree_first(&ep->items); n; n = tree_next(n)) {
		struct epoll *inner = epoll_of(tree_entry(n, struct item, node)->file);

		if (inner)
			depth = MAX(depth, 1 + depth_below(inner));
	}
	ep->visit = search;
	ep->depth = depth;
	return depth;
}

/* Steps to the highest instance above. */
static unsigned height_above(struct epoll *ep)
{
	unsigned height = 0;
	struct file_watch *w;

	if (ep->visit == search)
		return ep->depth;
	list_for_each(w, &ep->file->watches, link) {
		struct item *it = item_of_watch(w);

		if (it)
			height = MAX(height, 1 + height_above(it->ep));
	}
	ep->visit = search;
	ep->depth = height;
	return height;
}

int epoll_check_nesting(struct epoll *outer, struct epoll *inner)
{
	search++;
	unsigned below = depth_below(inner);

	if (outer->visit == search) /* it is below itself */
		return -ELOOP;
	search++;
	return 1 + below + height_above(outer) > NESTS_MAX ? -ELOOP : 0;
}
