/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Console devices with several ports (virtio 1.2, section 5.3). Ports that the host calls consoles become hvc0, hvc1 ... in the order in
 * which it says so; the others vport<device>p<port>.
 */
#include <abi/poll.h>
#include <core/errno.h>
#include <core/init.h>
#include <core/log.h>
#include <core/string.h>
#include <core/timer.h>

#include "port.h"

#define FEATURE_MULTIPORT 1

#define CONFIG_MAX_PORTS 4
#define PORTS_MAX 32
#define CONTROL_BUFFERS 16
/* What a host has to say at once: four messages a port. One that goes on is heard again after a pause. */
#define CONTROL_AT_ONCE (4 * PORTS_MAX)
#define CONTROL_PAUSE NSEC_PER_MSEC

#define CONTROL_DEVICE_READY 0
#define CONTROL_PORT_ADD 1
#define CONTROL_PORT_REMOVE 2
#define CONTROL_PORT_READY 3
#define CONTROL_CONSOLE_PORT 4
#define CONTROL_PORT_OPEN 6
#define CONTROL_PORT_NAME 7

/* The messages come at once; this bounds the wait for a host that says nothing. */
#define SETTLE_TIME (50 * NSEC_PER_MSEC)

struct control {
	uint32_t port;
	uint16_t event, value;
};

/* As received: a name may follow. */
struct control_buffer {
	struct control message;
	char name[120];
};

struct device {
	struct virtio_dev virtio;
	struct spinlock control_lock; /* the control queues, and what messages change */
	struct virtq *control_rx, *control_tx;
	struct port *ports[PORTS_MAX];
	unsigned count, number;
	uint32_t added; /* bit per port that the host has announced */
	struct waitq changed;
	struct timer later; /* armed: the host has said much, and has to wait */
	struct log_limit failures, names, removals, strays;
};

static unsigned consoles; /* hvcN so far */
static unsigned devices;

/* Under control_lock. */
static void send_control(struct device *d, uint32_t port, uint16_t event, uint16_t value)
{
	struct control *m;
	uint32_t length;

	while ((m = virtq_take(d->control_tx, &length)))
		kfree(m);
	m = kmalloc(sizeof(*m));
	if (!m) {
		log_ratelimited(&d->failures, LOG_ERR, "virtio-console %s: no memory for a control message",
		                d->virtio.pci->name);
		return;
	}
	*m = (struct control){ port, event, value };
	struct virtq_piece piece = { virt_to_phys(m), sizeof(*m) };

	if (virtq_add(d->control_tx, &piece, 1, 0, m)) {
		log_ratelimited(&d->failures, LOG_ERR, "virtio-console %s: control queue is full", d->virtio.pci->name);
		kfree(m);
	}
	virtq_kick(d->control_tx);
}

static void open_port(struct device *d, struct port *p, bool console)
{
	char name[16];

	if (p->registered)
		return;
	p->is_console = console;
	if (console)
		snprintf(name, sizeof(name), "hvc%u", consoles++);
	else
		snprintf(name, sizeof(name), "vport%up%u", d->number, p->id);
	int ret = port_register(p, name);

	if (ret)
		pr_err("virtio-console %s: port %u as %s: errno %d", d->virtio.pci->name, p->id, name, -ret);
	send_control(d, p->id, CONTROL_PORT_OPEN, 1);
}

static void set_host_open(struct device *d, struct port *p, bool open)
{
	port_host_open(p, open);
	open_port(d, p, false);
	waitq_wake(&p->console.wait, open ? POLLIN | POLLOUT : POLLHUP);
}

/* It becomes a file name: one that is too long, cannot be one, or is another port's is left out. The port has its number all the same. */
static void set_alias(struct device *d, struct port *p, const char *name, size_t length)
{
	char *alias = p->console.alias;

	length = strnlen(name, length);
	if (!length || p->registered)
		return;
	bool fits = length < sizeof(p->console.alias) && !memchr(name, '/', length) && name[0] != '.';

	if (fits) {
		char wanted[sizeof(p->console.alias)];

		memcpy(wanted, name, length);
		wanted[length] = 0;
		fits = !console_find_alias(wanted);
		if (fits)
			memcpy(alias, wanted, length + 1);
	}
	if (!fits)
		log_ratelimited(
			&d->names, LOG_WARN,
			"virtio-console %s: port %u: the name %.*s is too long, no file name, or another port's: left out",
			d->virtio.pci->name, p->id, (int)length, name);
}

/* The host took the port away. Its node stays, as it does for programs that have it open, until the port comes back; using it is EIO. */
static void remove_port(struct device *d, struct port *p)
{
	log_ratelimited(&d->removals, LOG_INFO, "virtio-console %s: port %u was removed", d->virtio.pci->name, p->id);
	d->added &= ~(1u << p->id);
	port_host_open(p, false);
	port_remove(p, true);
}

static void lost(void *arg)
{
	struct device *d = arg;

	pr_err("virtio-console %s: the device was removed or has failed: all ports are down", d->virtio.pci->name);
	for (unsigned i = 0; i < d->count; i++)
		port_remove(d->ports[i], true);
}

/* @b is a copy: the host may write to the buffer that it came in. */
static void handle_control(struct device *d, const struct control_buffer *b, size_t name_length)
{
	const struct control *m = &b->message;
	struct port *p = m->port < d->count ? d->ports[m->port] : NULL;

	if (!p) {
		log_ratelimited(&d->strays, LOG_WARN, "virtio-console %s: control message for port %u", d->virtio.pci->name,
		                m->port);
		return;
	}
	switch (m->event) {
	case CONTROL_PORT_ADD:
		d->added |= 1u << m->port;
		port_remove(p, false);
		send_control(d, m->port, CONTROL_PORT_READY, 1);
		break;
	case CONTROL_PORT_REMOVE:
		remove_port(d, p);
		break;
	case CONTROL_CONSOLE_PORT:
		open_port(d, p, true);
		break;
	case CONTROL_PORT_OPEN:
		set_host_open(d, p, m->value);
		break;
	case CONTROL_PORT_NAME: /* comes for serial ports, before anybody opens them */
		set_alias(d, p, b->name, name_length);
		open_port(d, p, false);
		break;
	}
}

static void offer_control(struct device *d, struct control_buffer *b)
{
	struct virtq_piece piece = { virt_to_phys(b), sizeof(*b) };

	virtq_add(d->control_rx, &piece, 0, 1, b);
}

/* Under control_lock. Returns whether there was a message. */
static bool next_control(struct device *d)
{
	struct control_buffer copy, *b;
	uint32_t length;

	b = virtq_take(d->control_rx, &length);
	if (!b)
		return false;
	memcpy(&copy, b, sizeof(copy));
	offer_control(d, b);
	if (length >= sizeof(copy.message))
		handle_control(d, &copy, length - sizeof(copy.message));
	return true;
}

/* The host has each buffer again at once: how long this takes is not for it to decide. */
static void control_interrupt(void *arg)
{
	struct device *d = arg;
	unsigned n = 0;

	spin_lock(&d->control_lock);
	if (!timer_is_set(&d->later)) {
		while (n < CONTROL_AT_ONCE && next_control(d))
			n++;
		if (n == CONTROL_AT_ONCE)
			timer_set(&d->later, time_monotonic() + CONTROL_PAUSE);
		virtq_kick(d->control_rx);
	}
	spin_unlock(&d->control_lock);
	waitq_wake(&d->changed, ~0u);
}

static void control_later(struct timer *t)
{
	control_interrupt(container_of(t, struct device, later));
}

static void control_sent(void *arg __unused)
{
}

/* The first port is always there: its queues come before those for control messages. */
static unsigned count_ports(struct device *d)
{
	uint32_t most = virtio_config32(&d->virtio, CONFIG_MAX_PORTS);

	if (!most || most > PORTS_MAX)
		pr_warn("virtio-console %s: room for %u ports: %u are used", d->virtio.pci->name, most, most ? PORTS_MAX : 1);
	return most ? MIN(most, (uint32_t)PORTS_MAX) : 1;
}

static int setup_ports(struct device *d)
{
	for (unsigned i = 0; i < d->count; i++) {
		/* Queues 2 and 3 are the control queues. */
		d->ports[i] = port_create(&d->virtio, i, i ? 2 + 2 * i : 0);
		if (!d->ports[i])
			return -ENODEV;
	}
	return 0;
}

static int setup_control(struct device *d)
{
	d->control_rx = virtio_queue(&d->virtio, 2, 32, control_interrupt, d);
	d->control_tx = virtio_queue(&d->virtio, 3, 32, control_sent, d);
	return d->control_rx && d->control_tx ? 0 : -ENODEV;
}

static void start_control(struct device *d)
{
	spin_lock(&d->control_lock);
	for (int i = 0; i < CONTROL_BUFFERS; i++) {
		struct control_buffer *b = kzalloc(sizeof(*b));

		if (b)
			offer_control(d, b);
	}
	virtq_kick(d->control_rx);
	send_control(d, 0, CONTROL_DEVICE_READY, 1);
	spin_unlock(&d->control_lock);
}

static bool all_known(const struct device *d)
{
	for (unsigned i = 0; i < d->count; i++)
		if (d->added & 1u << i && !d->ports[i]->registered)
			return false;
	return d->added;
}

/*
 * The host tells about its ports in messages; device nodes are made once, after this. A port about which nothing follows its announcement
 * is a serial port without a name whose other end is not there.
 */
static void settle(struct device *d)
{
	wait_event_timeout(&d->changed, all_known(d), time_monotonic() + SETTLE_TIME);
	spin_lock(&d->control_lock);
	for (unsigned i = 0; i < d->count; i++)
		if (d->added & 1u << i)
			open_port(d, d->ports[i], false);
	spin_unlock(&d->control_lock);
}

static int probe(struct pci_dev *pci)
{
	struct device *d = kzalloc(sizeof(*d));
	int ret = d ? virtio_start(&d->virtio, pci, "virtio-console", 1u << FEATURE_MULTIPORT) : -ENOMEM;

	if (ret)
		return ret;
	bool multiport = virtio_has(&d->virtio, FEATURE_MULTIPORT);

	waitq_init(&d->changed);
	timer_init(&d->later, control_later);
	spinlock_init(&d->control_lock, "virtio-console: control messages");
	d->number = devices++;
	d->count = multiport ? count_ports(d) : 1;
	ret = setup_ports(d);
	if (!ret && multiport)
		ret = setup_control(d);
	if (ret)
		return ret;
	virtio_ready(&d->virtio, lost, d);
	for (unsigned i = 0; i < d->count; i++)
		port_start(d->ports[i]);
	if (multiport) {
		start_control(d);
		settle(d);
	} else {
		d->ports[0]->host_open = d->ports[0]->is_console = true;
		char name[16];

		snprintf(name, sizeof(name), "hvc%u", consoles++);
		ret = port_register(d->ports[0], name);
	}
	return ret;
}

static const struct pci_id ids[] = {
	{ VIRTIO_VENDOR, VIRTIO_PCI_DEVICE(VIRTIO_TYPE_CONSOLE) },
	{ VIRTIO_VENDOR, 0x1003 }, /* transitional */
	{ 0, 0 },
};

static const struct pci_driver driver = { .name = "virtio-console", .ids = ids, .probe = probe };

static int virtio_console_init(void)
{
	return pci_driver_register(&driver);
}
INITCALL(INIT_DRIVERS, virtio_console_init);
