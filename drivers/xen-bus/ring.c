/* SPDX-License-Identifier: BSD-3-Clause */
/* The ring between this domain and xenstored: one writer at a time, one thread that reads and hands out the answers. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/init.h>
#include <core/kthread.h>
#include <core/log.h>
#include <core/peer_queue.h>
#include <core/sched.h>
#include <core/string.h>
#include <plat/xen.h>
#include <plat/xen_suspend.h>

#include "watch.h"

struct request {
	struct list link;
	uint32_t id;
	struct xs_reply *reply;
	bool done;
	int error;
};

static bool present;
static struct peer_queue requests_out; /* under write_lock */
static struct peer_queue answers_in; /* the reading thread's */
static uint32_t port;
static bool broken;
static const char senseless[] = "the ring's indices make no sense";
static struct waitq ring_wait = WAITQ_INIT(ring_wait);
static struct waitq answered = WAITQ_INIT(answered);
static struct mutex write_lock = MUTEX_INIT(write_lock);
static struct mutex read_lock = MUTEX_INIT(read_lock); /* a message that is being read */
static struct list requests = LIST_INIT(requests);
static struct spinlock requests_lock = SPINLOCK_INIT("xen-bus: requests under way");

static void event(uint32_t p __unused, void *arg __unused)
{
	waitq_wake(&ring_wait, ~0u);
}

/* False: the daemon's index makes no sense, or the connection broke meanwhile. */
static bool put(const char *p, size_t len)
{
	while (len) {
		wait_event(&ring_wait, peer_queue_room(&requests_out) || READ_ONCE(broken));
		int n = READ_ONCE(broken) ? -EIO : peer_queue_put(&requests_out, p, len);

		if (n < 0)
			return false;
		xen_event_notify(port);
		p += n;
		len -= n;
	}
	return true;
}

/* False: the daemon's index makes no sense, or the connection broke meanwhile. */
static bool get(char *p, size_t len)
{
	while (len) {
		wait_event(&ring_wait, peer_queue_waiting(&answers_in) || READ_ONCE(broken));
		int n = READ_ONCE(broken) ? -EIO : peer_queue_peek(&answers_in, p, len);

		if (n < 0)
			return false;
		peer_queue_skip(&answers_in, n);
		xen_event_notify(port);
		p += n;
		len -= n;
	}
	return true;
}

static void end_request(struct request *r, int error)
{
	list_del(&r->link);
	r->error = error;
	WRITE_ONCE(r->done, true);
}

static void deliver(const struct xs_header *h, char *data)
{
	static struct log_limit limit;
	struct request *r;
	bool found = false;

	if (h->type == XS_WATCH_EVENT) {
		watch_event(data, h->len);
		kfree(data);
		return;
	}
	spin_lock(&requests_lock);
	list_for_each(r, &requests, link) {
		if (r->id != h->req_id)
			continue;
		*r->reply = (struct xs_reply){ h->type, h->len, data };
		end_request(r, 0);
		found = true;
		break;
	}
	spin_unlock(&requests_lock);
	if (!found) {
		log_ratelimited(&limit, LOG_WARN, "xenstore: answer to request %u, which nobody made", h->req_id);
		kfree(data);
	}
	waitq_wake(&answered, ~0u);
}

static void give_up(const char *why)
{
	struct request *r, *next;

	spin_lock(&requests_lock);
	bool before = broken;

	broken = true;
	list_for_each_safe(r, next, &requests, link)
		end_request(r, -EIO);
	spin_unlock(&requests_lock);
	if (!before)
		pr_err("xenstore: %s; the connection is closed", why);
	waitq_wake(&answered, ~0u);
	waitq_wake(&ring_wait, ~0u);
}

/* Returns why the connection is given up, NULL: it is not. */
static const char *take_message(struct xs_header *h, char **data)
{
	if (!get((char *)h, sizeof(*h)))
		return senseless;
	if (h->len > XENSTORE_PAYLOAD_MAX)
		return "an answer is longer than the protocol allows";
	*data = kmalloc(h->len + 1);
	if (!*data)
		return "no memory for an answer";
	if (!get(*data, h->len)) {
		kfree(*data);
		return senseless;
	}
	(*data)[h->len] = '\0';
	return NULL;
}

static void reader(void *arg __unused)
{
	for (;;) {
		struct xs_header h;
		char *data = NULL;

		wait_event(&ring_wait, peer_queue_waiting(&answers_in) || READ_ONCE(broken));
		mutex_lock(&read_lock);
		bool there = peer_queue_waiting(&answers_in) || READ_ONCE(broken); /* a suspension may have taken it away */
		const char *why = there ? take_message(&h, &data) : NULL;

		mutex_unlock(&read_lock);
		if (why) {
			give_up(why);
			return;
		}
		if (data)
			deliver(&h, data);
	}
}

int xs_talk(uint32_t type, uint32_t tx, const struct xs_part *parts, unsigned count, struct xs_reply *reply)
{
	static uint32_t last_id;
	struct xs_header h = { .type = type, .tx_id = tx };
	struct request r = { .reply = reply };

	if (!present)
		return -ENODEV;
	if (!xen_store_permits(type))
		return -EACCES;
	for (unsigned i = 0; i < count; i++)
		h.len += parts[i].len;
	if (h.len > XENSTORE_PAYLOAD_MAX)
		return -EINVAL;
	mutex_lock(&write_lock);
	spin_lock(&requests_lock);
	int ret = broken ? -EIO : 0;

	h.req_id = r.id = ++last_id;
	if (!ret)
		list_push_back(&requests, &r.link);
	spin_unlock(&requests_lock);
	if (!ret) {
		bool ok = put((char *)&h, sizeof(h));

		for (unsigned i = 0; ok && i < count; i++)
			ok = put(parts[i].data, parts[i].len);
		if (!ok)
			give_up(senseless); /* which ends this request too */
	}
	mutex_unlock(&write_lock);
	if (ret)
		return ret;
	wait_event(&answered, READ_ONCE(r.done));
	return r.error;
}

static int open_ring(void)
{
	void *page;

	if (!xen_store_ring(&page, &port))
		return -ENODEV;
	struct xs_ring *ring = page;

	peer_queue_init(&requests_out, ring->req, XENSTORE_RING_SIZE, 1, &ring->req_prod, &ring->req_cons);
	peer_queue_init(&answers_in, ring->rsp, XENSTORE_RING_SIZE, 1, &ring->rsp_cons, &ring->rsp_prod);
	return xen_event_set_handler(port, event, NULL);
}

/* No message is cut in two, and no request waits for its answer. */
static void freeze(void)
{
	mutex_lock(&write_lock);
	wait_event(&answered, list_empty(&requests));
	mutex_lock(&read_lock);
}

/* What is in the ring was the old connection's: events of watches, which are set again. */
static void resume(bool cancelled)
{
	if (cancelled)
		return;
	if (open_ring())
		panic("xenstore: no memory after the suspension");
	int left = peer_queue_waiting(&answers_in);

	if (left > 0)
		peer_queue_skip(&answers_in, left);
}

static void thaw(bool cancelled)
{
	mutex_unlock(&read_lock);
	mutex_unlock(&write_lock);
	if (!cancelled)
		watch_all_again();
}

static int xenstore_init(void)
{
	static struct xen_suspend_step step = { .layer = XEN_SUSPEND_STORE, .freeze = freeze, .resume = resume, .thaw = thaw };
	int ret = open_ring();

	if (ret)
		return ret == -ENODEV ? 0 : ret;
	present = true;
	xen_suspend_add(&step);
	return thread_create("xenstore", reader, NULL) ? 0 : -ENOMEM;
}
INITCALL(INIT_SERVICES, xenstore_init);
