/* SPDX-License-Identifier: BSD-3-Clause */
/* The ring of events. They wait there until a program reads; the back end drops what finds no room. */
#include <core/log.h>
#include <core/poll.h>

#include "kbd.h"

void kbd_start(struct kbd *k, void *page)
{
	struct kbd_page *p = page;

	spinlock_init(&k->in_lock, "xen-kbd: events in the page");
	peer_queue_init(&k->in, p->in, KBD_IN_ENTRIES, sizeof(p->in[0]), &p->in_cons, &p->in_prod);
}

static void broken(struct kbd *k)
{
	if (!k->broken)
		pr_err("%s: the ring's indices make no sense", k->bus->path);
	k->broken = true;
}

bool kbd_pending(struct kbd *k)
{
	int waiting = k->broken ? 0 : peer_queue_waiting(&k->in);

	if (waiting < 0)
		broken(k);
	return waiting > 0;
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

/* Unknown events are skipped, at most as many as the queue has. */
bool kbd_take(struct kbd *k, struct xen_kbd_event *e)
{
	bool known = false;

	for (unsigned i = 0; i < KBD_IN_ENTRIES && !known && kbd_pending(k); i++) {
		struct kbd_in in;

		if (peer_queue_peek(&k->in, &in, 1) != 1)
			break;
		peer_queue_skip(&k->in, 1);
		known = translate(k, &in, e);
	}
	return known;
}

void kbd_event(uint32_t port __unused, void *arg)
{
	struct kbd *k = arg;

	if (kbd_pending(k))
		waitq_wake(&k->wait, POLLIN | POLLRDNORM);
}
