/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a program may ask of xenstored: each kind of request that plat/xen/surface.inc lists comes through and is answered; any other is not sent,
 * and its answer is an error with the request's own identifier. The connection carries on.
 * sources: plat/xen/store.c drivers/xen-bus/inbox.c drivers/xen-bus/store.c drivers/xen-bus/watch.c core/base/peer_queue.c core/base/string.c core/vfs/iov.c tests/fuzz/stubs/wait.c tests/host/stubs/alloc.c tests/host/stubs/sched.c
 */
#include "../../../../drivers/xen-bus/device.c"
#include "../../../../drivers/xen-bus/ring.c"
#include "../../../../plat/xen/xen.h"
#include "../../host.h"

#define NUMBERS 64
#define REQ_ID 4711

static struct xs_ring shared;
static unsigned lines, sent[NUMBERS];

enum log_level log_level = LOG_WARN;

bool log_limit_allows(struct log_limit *l __unused, enum log_level level __unused)
{
	return true;
}

void log_printf(enum log_level level __unused, const char *fmt __unused, ...)
{
	lines++;
}

int xen_event_notify(uint32_t p __unused)
{
	return 0;
}

int xen_event_set_handler(uint32_t p __unused, void (*fn)(uint32_t port, void *arg) __unused, void *arg __unused)
{
	return 0;
}

void xen_suspend_add(struct xen_suspend_step *step __unused)
{
}

struct thread *thread_create(const char *name __unused, void (*fn)(void *) __unused, void *arg __unused)
{
	return (struct thread *)(uintptr_t)1;
}

int devfs_add(const char *path __unused, unsigned mode __unused, struct device_node *node __unused)
{
	return 0;
}

/* Somebody waits for an answer: the daemon says "OK" to what is in the ring. */
int waiter_sleep(struct waiter *w __unused, uint64_t deadline __unused, bool interruptible __unused)
{
	struct xs_header h;
	char *data = kmalloc(3);

	for (size_t i = 0; i < sizeof(h); i++)
		((char *)&h)[i] = shared.req[(shared.req_cons + i) % XENSTORE_RING_SIZE];
	shared.req_cons += sizeof(h) + h.len;
	CHECK_EQ(shared.req_cons, shared.req_prod);
	CHECK(h.type < NUMBERS);
	sent[h.type]++;
	h.len = 3;
	memcpy(data, "OK", 3);
	deliver(&h, data);
	return 0;
}

/* Write a request of @type with the payload of a watch, and read its answer: the answer's type. */
static uint32_t ask_for(struct file *f, uint32_t type, char *text, size_t len)
{
	static const char payload[] = "memory\0token";
	struct xs_header h = { type, REQ_ID, 0, sizeof(payload) };
	struct iovec out[] = { { &h, sizeof(h) }, { (void *)(uintptr_t)payload, sizeof(payload) } },
		     in[] = { { &h, sizeof(h) }, { text, len } };
	struct iov_iter it;

	CHECK_EQ(iov_init(&it, out, 2), 0);
	CHECK_EQ(xenbus_write(f, &it, NULL), sizeof(h) + sizeof(payload));
	CHECK(inbox_has_messages(&((struct client *)f->priv)->inbox));
	CHECK_EQ(iov_init(&it, in, 2), 0);
	CHECK_EQ(xenbus_read(f, &it, NULL), sizeof(h) + h.len);
	CHECK_EQ(h.req_id, REQ_ID);
	return h.type;
}

static bool is_listed(uint32_t type)
{
	static const uint32_t listed[] = {
#define STORE(number, name, who) number,
#include "../../../../plat/xen/surface.inc"
	};

	for (size_t i = 0; i < ARRAY_SIZE(listed); i++)
		if (listed[i] == type)
			return true;
	return false;
}

static void test_all_kinds(void)
{
	struct file f = { 0 };

	CHECK_EQ(xenbus_open(NULL, &f), 0);
	for (uint32_t type = 0; type < NUMBERS; type++) {
		char text[8] = "";
		unsigned before = lines;
		uint32_t answer_type = ask_for(&f, type, text, sizeof(text));

		CHECK_EQ(answer_type, is_listed(type) ? type : XS_ERROR);
		CHECK(!strcmp(text, is_listed(type) ? "OK" : "EACCES"));
		CHECK_EQ(sent[type], is_listed(type));
		CHECK_EQ(lines - before, !is_listed(type));
	}
	xenbus_release(&f);
	CHECK_EQ(host_live, 0);
}

int main(void)
{
	CHECK(is_listed(XS_READ) && !is_listed(0));
	xen_store_init(&shared, 1);
	CHECK_EQ(xenstore_init(), 0);
	test_all_kinds();
	return 0;
}
