/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A host that fills each buffer again as soon as it has it, with control messages and with bytes or none of them: an interrupt ends nevertheless,
 * what is left comes after a pause, an end is told behind the last byte, and the log does not grow at the host's pace.
 * sources: drivers/virtio/queue.c core/base/string.c core/base/printf.c core/base/loglimit.c tests/host/stubs/kept.c
 */
#include "../../../../drivers/virtio-console/console.c"
#include "../../../../drivers/virtio-console/port.c"
#include "../../../../drivers/virtio/internal.h"
#include <plat/plat.h>

#include "../../host.h"
#include "../../stubs/kept.h"
#include "../../stubs/queue_end.h"

enum log_level log_level = LOG_INFO;
static uint16_t doorbell;
static uint64_t now = NSEC_PER_SEC;
static struct timer *armed;
static struct end control_end, control_out, rx_end, tx_end;
static struct end *storm; /* sent on whenever the kernel does something */
static bool no_memory; /* for what is sent */
static unsigned storm_left, length, lines, hangups, received;
static struct control message;
static struct pci_dev pci = { .name = "00:01.0" };

static void send_one(struct end *e)
{
	if (e->seen == e->avail[1])
		return;
	uint16_t head = e->avail[2 + e->seen++ % e->size];
	uint32_t *entry = (uint32_t *)(e->used + 2) + 2 * (e->used[1] % e->size);

	if (length)
		memcpy((void *)e->desc[head].address, &message, MIN(length, (unsigned)sizeof(message)));
	entry[0] = head;
	entry[1] = length;
	e->used[1]++;
	e->sent++;
}

static void host_runs(void)
{
	if (storm && storm_left) {
		storm_left--;
		send_one(storm);
	}
}

void preempt_disable(void)
{
	host_runs();
}

void preempt_enable(void)
{
	host_runs();
}

uint64_t time_monotonic(void)
{
	return now;
}

const struct plat_ops plat_ops = { .clock_monotonic = time_monotonic };

void timer_init(struct timer *t, void (*fn)(struct timer *t))
{
	tree_node_init(&t->node);
	t->fn = fn;
}

void timer_set(struct timer *t, uint64_t deadline)
{
	CHECK(!armed && deadline > now);
	t->node.parent = NULL;
	t->deadline = deadline;
	armed = t;
}

static void timer_runs(void)
{
	struct timer *t = armed;

	CHECK(t);
	now = t->deadline;
	armed = NULL;
	tree_node_init(&t->node);
	t->fn(t);
}

void waitq_wake(struct waitq *q __unused, unsigned events __unused)
{
	host_runs();
}

size_t console_receive(struct console *c __unused, const char *buf __unused, size_t len)
{
	host_runs();
	received += len;
	return len;
}

void console_hangup(struct console *c __unused)
{
	hangups++;
}

void console_hangup_soon(struct console *c __unused)
{
}

void console_set_lost(struct console *c __unused, bool is __unused)
{
	host_runs();
}

int console_register(struct console *c __unused)
{
	return 0;
}

struct console *console_find_alias(const char *alias __unused)
{
	return NULL;
}

void log_printf(enum log_level level __unused, const char *fmt __unused, ...)
{
	lines++;
	host_runs();
}

void waiter_init(struct waiter *w __unused)
{
}

int waiter_sleep(struct waiter *w __unused, uint64_t deadline __unused, bool interruptible __unused)
{
	return -ETIMEDOUT;
}

void waitq_add(struct waitq *q __unused, struct wait_entry *e __unused)
{
}

void waitq_remove(struct wait_entry *e __unused)
{
}

int virtio_start(struct virtio_dev *dev __unused, struct pci_dev *p __unused, const char *kind __unused,
                 uint64_t wanted __unused)
{
	return -ENODEV;
}

void virtio_ready(struct virtio_dev *dev __unused, irq_handler_t fn __unused, void *arg __unused)
{
}

uint32_t virtio_config32(const struct virtio_dev *dev __unused, unsigned offset __unused)
{
	return 1;
}

int pci_driver_register(const struct pci_driver *d __unused)
{
	return 0;
}

void *kmalloc(size_t n)
{
	return no_memory ? NULL : kzalloc(n);
}

struct virtq *virtio_queue(struct virtio_dev *dev __unused, unsigned index, unsigned most, irq_handler_t fn __unused,
                           void *arg __unused)
{
	struct end *const ends[] = { &rx_end, &tx_end, &control_end, &control_out };
	struct virtq_addresses at;
	struct virtq *q = virtq_create(most, index, &doorbell, true, &at);

	*ends[index] = (struct end){ (void *)at.descriptors, (void *)at.driver, (void *)at.device, most, 0, 0 };
	return q;
}

static struct device *make(void)
{
	struct device *d = kzalloc(sizeof(*d));

	d->virtio.pci = &pci;
	d->count = 1;
	timer_init(&d->later, control_later);
	CHECK_EQ(setup_ports(d), 0);
	CHECK_EQ(setup_control(d), 0);
	CHECK_EQ(port_start(d->ports[0]), 0);
	for (int i = 0; i < CONTROL_BUFFERS; i++)
		offer_control(d, kzalloc(sizeof(struct control_buffer)));
	CHECK_EQ(port_register(d->ports[0], "vport0p0"), 0);
	lines = 0;
	return d;
}

static void begin_storm(struct end *e, unsigned n)
{
	e->sent = 0;
	storm = e;
	storm_left = n;
	send_one(e);
}

/* What the host says without end, about a port. */
static void test_control(uint16_t event)
{
	struct device *d = make();
	unsigned before;

	message = (struct control){ 0, event, 0 };
	length = sizeof(message);
	begin_storm(&control_end, 100000);
	control_interrupt(d);
	CHECK(control_end.sent <= CONTROL_AT_ONCE + CONTROL_BUFFERS && storm_left);
	CHECK(timer_is_set(&d->later));
	before = control_end.sent;
	for (int i = 0; i < 1000; i++) /* interrupts do not shorten the pause */
		control_interrupt(d);
	CHECK(control_end.sent <= before + CONTROL_BUFFERS);
	timer_runs();
	CHECK(control_end.sent > before && control_end.sent <= before + CONTROL_AT_ONCE + CONTROL_BUFFERS);
	CHECK(lines <= LOG_LIMIT_LINES);
	storm = NULL;
	while (armed)
		timer_runs();
	CHECK_EQ(control_end.seen, control_end.used[1]);
	kept_free();
}

/* Without end, but slowly: about ports that there are not, and names that cannot be. */
static void test_lines(uint32_t port, uint16_t event, unsigned causes)
{
	struct device *d = make();

	d->ports[0]->registered = false;
	message = (struct control){ port, event, 0 };
	length = sizeof(message) + 2;
	no_memory = true;
	for (int i = 0; i < 1000; i++) {
		*(char *)(control_end.desc[control_end.avail[2 + control_end.seen % control_end.size]].address +
		          sizeof(message)) = '/';
		send_one(&control_end);
		control_interrupt(d);
		d->ports[0]->registered = false;
	}
	CHECK_EQ(control_end.sent, 1000);
	CHECK_EQ(lines, causes * LOG_LIMIT_LINES);
	no_memory = false;
	kept_free();
}

static void test_bytes(unsigned bytes)
{
	struct device *d = make();
	struct port *p = d->ports[0];
	unsigned before;

	length = bytes;
	received = hangups = 0;
	begin_storm(&rx_end, 100000);
	p->host_open = true;
	rx_interrupt(p);
	CHECK(rx_end.sent <= QUEUE_SIZE + RX_BUFFERS && storm_left);
	before = rx_end.sent;
	port_host_open(p, false);
	rx_drained(&p->console);
	CHECK_EQ(hangups, 0); /* not before what was sent */
	CHECK(rx_end.sent <= before + RX_BUFFERS);
	timer_runs();
	CHECK_EQ(hangups, 0);
	storm = NULL;
	while (armed)
		timer_runs();
	CHECK_EQ(hangups, 1);
	CHECK_EQ(received, rx_end.sent * bytes);
	kept_free();
}

int main(void)
{
	test_control(CONTROL_PORT_REMOVE);
	test_control(CONTROL_PORT_OPEN);
	test_lines(77, CONTROL_PORT_OPEN, 1);
	test_lines(0, CONTROL_PORT_NAME, 2);
	test_bytes(0);
	test_bytes(1);
	return 0;
}
