/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A xenstored that sends anything, in any pieces: each call here ends, with an answer or an error, a watch gets a text that ends, and no
 * memory is lost.
 * sources: core/base/peer_queue.c drivers/xen-bus/store.c drivers/xen-bus/watch.c tests/fuzz/stubs/quiet.c tests/fuzz/stubs/wait.c tests/fuzz/stubs/xen.c core/base/string.c tests/host/stubs/alloc.c tests/host/stubs/sched.c
 */
#include "../../../drivers/xen-bus/ring.c"
#include "../fuzz.h"

#define MESSAGE_MAX (sizeof(struct xs_header) + XENSTORE_PAYLOAD_MAX + 64)

static struct input in;
static struct xs_ring *ring;
static bool reading;
static uint8_t message[MESSAGE_MAX]; /* what the daemon is sending */
static size_t message_at, message_len;
static struct xenstore_watch watch;

bool xen_store_ring(void **page __unused, uint32_t *p __unused)
{
	return false;
}

int xen_event_set_handler(uint32_t p __unused, void (*fn)(uint32_t port, void *arg) __unused, void *arg __unused)
{
	return 0;
}

struct thread *thread_create(const char *name __unused, void (*fn)(void *) __unused, void *arg __unused)
{
	return NULL;
}

/* An answer to the request under way, or a watch event, with a payload and lies of the input's; or bytes as they come. */
static void next_message(void)
{
	struct xs_header h = { .type = take8(&in) % 32 };
	uint8_t how = take8(&in);
	char *payload = (char *)message + sizeof(h);
	size_t n = how & 1 ? take16(&in) % XENSTORE_PAYLOAD_MAX : take8(&in);

	message_at = 0;
	if (how % 8 == 7) {
		message_len = take_bytes(&in, message, n + 1);
		return;
	}
	if (h.type == XS_WATCH_EVENT && how & 2)
		h.len = snprintf(payload, 64, "device/vbd%c%lx", how & 4 ? '\0' : '/', (unsigned long)(uintptr_t)&watch) + 1;
	else
		h.len = take_bytes(&in, payload, n);
	if (!list_empty(&requests))
		h.req_id = list_first(&requests, struct request, link)->id + (how & 8 ? take8(&in) : 0);
	message_len = sizeof(h) + h.len;
	if (how & 16)
		h.len += take16(&in);
	memcpy(message, &h, sizeof(h));
}

/* More bytes for the reader, or the end of all: indices that cannot be. */
static void daemon_sends(void)
{
	if (message_at == message_len && in.left)
		next_message();
	size_t piece = take8(&in) + 1, n = MIN(message_len - message_at, piece);
	if (!n && !in.left) {
		ring->rsp_prod = answers_in.own + XENSTORE_RING_SIZE + 1;
		return;
	}
	for (size_t i = 0; i < n; i++)
		ring->rsp[ring->rsp_prod++ % XENSTORE_RING_SIZE] = message[message_at++];
}

int waiter_sleep(struct waiter *w __unused, uint64_t deadline __unused, bool interruptible __unused)
{
	if (reading) {
		daemon_sends();
	} else if (!peer_queue_room(&requests_out)) {
		ring->req_cons = take8(&in) % 8 ? ring->req_prod : ring->req_prod + 7;
	} else {
		ring->req_cons = ring->req_prod;
		reading = true;
		reader(NULL); /* until the connection is broken, which it is at the end of the input */
		reading = false;
	}
	return 0;
}

static void watch_fired(struct xenstore_watch *w, const char *changed)
{
	CHECK(w == &watch);
	CHECK(strlen(changed) <= XENSTORE_PAYLOAD_MAX);
}

static void call(uint8_t which)
{
	static char big[XENSTORE_PAYLOAD_MAX - 8];
	uint64_t number;
	char *text = NULL;
	size_t len;

	switch (which % 6) {
	case 0:
		if (!xenstore_read(XST_NONE, "domid", &text, &len))
			CHECK(!text[len]);
		break;
	case 1:
		if (!xenstore_directory(XST_NONE, "device", &text, &len))
			CHECK(!text[len]);
		break;
	case 2:
		xenstore_read_u64(XST_NONE, "domid", &number);
		break;
	case 3:
		xenstore_write(XST_NONE, "state", big, sizeof(big));
		break;
	case 4:
		watch = (struct xenstore_watch){ .path = "device", .fn = watch_fired };
		if (!xenstore_watch(&watch))
			xenstore_unwatch(&watch);
		break;
	default:
		xenstore_printf(XST_NONE, "state", "%u", which);
	}
	kfree(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct xs_ring page;
	long live = host_live;

	memset(&page, 0, sizeof(page));
	ring = &page;
	peer_queue_init(&requests_out, page.req, XENSTORE_RING_SIZE, 1, &page.req_prod, &page.req_cons);
	peer_queue_init(&answers_in, page.rsp, XENSTORE_RING_SIZE, 1, &page.rsp_cons, &page.rsp_prod);
	present = true;
	broken = false;
	message_at = message_len = 0;
	in = (struct input){ data, size };
	call(take8(&in));
	CHECK(list_empty(&requests));
	CHECK_EQ(host_live, live);
	return 0;
}
