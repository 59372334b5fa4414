/* SPDX-License-Identifier: BSD-3-Clause */
/* The ring of events. They wait there until a program reads; the back end drops what finds no room. */
#include <core/log.h>
#include <core/poll.h>

#include "kbd.h"

#define full_barrier() __atomic_thread_fence(__ATOMIC_SEQ_CST)

bool kbd_pending(struct kbd *k)
{
	uint32_t count = READ_ONCE(k->page->in_prod) - k->page->in_cons;

	if (count > KBD_IN_ENTRIES && !k->broken) {
		pr_err("%s: the ring's indices make no sense", k->bus->path);
		k->broken = true;
	}
	return count && !k->broken;
}

/* Returns false for an event of no meaning here. */
static bool translate(const struct kbd *k, const struct kbd_in *in, struct xen_kbd_event *e)
{
	*e = (struct xen_kbd_event){ .a = in->args[0], .b = in->args[1], .wheel = in->args[2] };
	switch (in->type) {
	case KBD_KEY:
		*e = (struct xen_kbd_event){ .type = XEN_KBD_KEY, .a = in->args[0], .b = in->pressed != 0 };
		return true;
	case KBD_MOTION:
		e->type = XEN_KBD_MOTION;
		return true;
	case KBD_POSITION:
		e->type = k->scaled ? XEN_KBD_POSITION_SCALED : XEN_KBD_POSITION;
		return true;
	default:
		return false;
	}
}

bool kbd_take(struct kbd *k, struct xen_kbd_event *e)
{
	struct kbd_page *p = k->page;
	bool known = false;

	while (!known && kbd_pending(k)) {
		barrier();
		struct kbd_in in = p->in[p->in_cons % KBD_IN_ENTRIES];

		/* The copy is what is looked at, whatever the back end writes meanwhile. */
		barrier();
		known = translate(k, &in, e);
		full_barrier();
		WRITE_ONCE(p->in_cons, p->in_cons + 1);
	}
	return known;
}

void kbd_event(uint32_t port __unused, void *arg)
{
	struct kbd *k = arg;

	if (kbd_pending(k))
		waitq_wake(&k->wait, POLLIN | POLLRDNORM);
}
