/* SPDX-License-Identifier: BSD-3-Clause */
/* Event channels, two-level ABI. The pending bits that Xen sets are the notes of core/sched's interrupts. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/log.h>
#include <core/sched.h>
#include <plat/plat.h>

#include "brake.h"
#include "xen.h"

#define CHUNK 32 /* ports whose handlers share an allocation */

struct handler {
	void (*fn)(uint32_t port, void *arg);
	void *arg;
	bool wanted; /* unmasked, as far as its user is concerned */
	bool is_virq; /* from Xen itself, which is trusted; the brake needs the timer */
	struct brake brake;
};

static bool noted; /* by event_note() */
static uint32_t calls; /* of xen_irq_run_pending() */
static struct handler *handlers[EVENT_PORTS / CHUNK];

static void set_bit(uint64_t *words, uint32_t bit)
{
	__asm__ volatile("lock bts %1, %0" : "+m"(words[bit / 64]) : "r"((uint64_t)bit % 64) : "memory", "cc");
}

static void clear_bit(uint64_t *words, uint32_t bit)
{
	__asm__ volatile("lock btr %1, %0" : "+m"(words[bit / 64]) : "r"((uint64_t)bit % 64) : "memory", "cc");
}

static uint64_t take(uint64_t *word)
{
	uint64_t bits = 0;

	__asm__ volatile("xchg %0, %1" : "+r"(bits), "+m"(*word) : : "memory");
	return bits;
}

static struct handler *handler_of(uint32_t port)
{
	struct handler *chunk = handlers[port / CHUNK];

	return chunk ? &chunk[port % CHUNK] : NULL;
}

bool xen_irq_pending(void)
{
	return READ_ONCE(noted) || READ_ONCE(this_vcpu()->evtchn_upcall_pending);
}

void event_note(void)
{
	this_vcpu()->evtchn_upcall_pending = 0;
	WRITE_ONCE(noted, true);
}

static void run_port(uint32_t port)
{
	struct handler *h = handler_of(port);

	clear_bit(shared_info.evtchn_pending, port);
	if (h && h->fn) {
		if (!h->is_virq && brake_count(&h->brake, port, calls))
			set_bit(shared_info.evtchn_mask, port);
		h->fn(port, h->arg);
		return;
	}
	set_bit(shared_info.evtchn_mask, port);
	pr_warn("event channel %u: nobody asked for it", port);
}

/*
 * How long this takes is not for the peers to decide: a port whose events come as fast as they are handled is masked after a few runs, which ends
 * both loops.
 */
void xen_irq_run_pending(void)
{
	calls++;
	do {
		WRITE_ONCE(noted, false);
		this_vcpu()->evtchn_upcall_pending = 0;
		barrier();
		for (uint64_t sel = take(&this_vcpu()->evtchn_pending_sel); sel; sel &= sel - 1) {
			unsigned w = __builtin_ctzll(sel);
			uint64_t bits;

			while ((bits = READ_ONCE(shared_info.evtchn_pending[w]) & ~READ_ONCE(shared_info.evtchn_mask[w])))
				run_port(w * 64 + __builtin_ctzll(bits));
		}
		barrier();
		WRITE_ONCE(this_vcpu()->evtchn_upcall_mask, 0);
		barrier();
	} while (xen_irq_pending());
}

void event_init(void)
{
	for (unsigned w = 0; w < EVENT_WORDS; w++)
		shared_info.evtchn_mask[w] = ~0ull;
}

void event_forget(void)
{
	for (unsigned i = 0; i < ARRAY_SIZE(handlers); i++)
		for (unsigned n = 0; handlers[i] && n < CHUNK; n++) {
			brake_reset(&handlers[i][n].brake);
			handlers[i][n] = (struct handler){ 0 };
		}
	event_init();
}

static int event_op(unsigned op, void *arg)
{
	return xen_hypercall3(HYPERCALL_EVENT_CHANNEL_OP, op, (uintptr_t)arg, 0);
}

/* NULL: no memory, or no port. */
static struct handler *make_handler(uint32_t port)
{
	if (port >= EVENT_PORTS)
		return NULL;
	preempt_disable();
	if (!handlers[port / CHUNK])
		handlers[port / CHUNK] = kzalloc(CHUNK * sizeof(struct handler));
	preempt_enable();
	return handler_of(port);
}

int xen_event_alloc_unbound(domid_t remote)
{
	struct {
		domid_t dom, remote_dom;
		uint32_t port;
	} op = { DOMID_SELF, remote, 0 };
	int ret = event_op(EVTCHNOP_ALLOC_UNBOUND, &op);

	return ret ? ret : (int)op.port;
}

int xen_event_bind_interdomain(domid_t remote, uint32_t port)
{
	struct {
		domid_t remote_dom;
		uint32_t remote_port, local_port;
	} op = { remote, port, 0 };
	int ret = event_op(EVTCHNOP_BIND_INTERDOMAIN, &op);

	return ret ? ret : (int)op.local_port;
}

int xen_event_bind_virq(unsigned virq)
{
	struct {
		uint32_t virq, vcpu, port;
	} op = { virq, 0, 0 };
	int ret = event_op(EVTCHNOP_BIND_VIRQ, &op);

	if (ret)
		return ret;
	struct handler *h = make_handler(op.port);

	if (!h) {
		xen_event_close(op.port);
		return -ENOMEM;
	}
	h->is_virq = true;
	return op.port;
}

int xen_event_set_handler(uint32_t port, void (*fn)(uint32_t port, void *arg), void *arg)
{
	if (port >= EVENT_PORTS)
		return -EINVAL;
	struct handler *h = make_handler(port);

	if (!h)
		return -ENOMEM;
	preempt_disable();
	h->fn = fn;
	h->arg = arg;
	preempt_enable();
	if (fn)
		xen_event_unmask(port);
	else
		xen_event_mask(port);
	return 0;
}

void xen_event_mask(uint32_t port)
{
	preempt_disable();
	struct handler *h = handler_of(port);

	if (h)
		h->wanted = false;
	set_bit(shared_info.evtchn_mask, port);
	preempt_enable();
}

static void unmask(uint32_t port)
{
	clear_bit(shared_info.evtchn_mask, port);
	/* What is pending already needs Xen to say so again. */
	if (READ_ONCE(shared_info.evtchn_pending[port / 64]) & 1ull << (port % 64)) {
		set_bit(shared_info.evtchn_mask, port);
		event_op(EVTCHNOP_UNMASK, &port);
	}
}

void xen_event_unmask(uint32_t port)
{
	preempt_disable();
	struct handler *h = handler_of(port);

	if (h)
		h->wanted = true;
	if (!h || !h->brake.on)
		unmask(port);
	preempt_enable();
}

void brake_ended(struct brake *b)
{
	if (container_of(b, struct handler, brake)->wanted)
		unmask(b->port);
}

void xen_event_again(uint32_t port)
{
	set_bit(shared_info.evtchn_pending, port);
	set_bit(&this_vcpu()->evtchn_pending_sel, port / 64);
	WRITE_ONCE(noted, true);
}

int xen_event_notify(uint32_t port)
{
	return event_op(EVTCHNOP_SEND, &port);
}

void xen_event_close(uint32_t port)
{
	preempt_disable();
	xen_event_mask(port);
	struct handler *h = handler_of(port);

	if (h) {
		brake_reset(&h->brake);
		h->fn = NULL;
		h->is_virq = false;
	}
	event_op(EVTCHNOP_CLOSE, &port);
	clear_bit(shared_info.evtchn_pending, port);
	preempt_enable();
}
