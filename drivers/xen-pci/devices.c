/* SPDX-License-Identifier: BSD-3-Clause */
/* The devices that the back end's nodes list: dev-N is the host's address, vdev-N the one here. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/log.h>
#include <core/string.h>

#include "message.h"
#include "pci.h"

/* All functions of a bus, which is what the back end can show. */
#define DEVICES_MAX 256u

/* Returns 0, -EPROTO for a node that holds no address, or xenstore's error. */
static int read_address(const struct xenbus_dev *bus, const char *kind, unsigned i, struct xen_pci_address *out)
{
	char node[16], *value;

	snprintf(node, sizeof(node), "%s-%u", kind, i);
	int ret = xenbus_backend_read(bus, node, &value);

	if (ret)
		return ret;
	if (!pci_parse(value, out))
		ret = -EPROTO;
	kfree(value);
	return ret;
}

static unsigned device_count(const struct xenbus_dev *bus)
{
	static struct log_limit beyond;
	uint64_t count = xenbus_backend_u64(bus, "num_devs", 0);

	if (count > DEVICES_MAX)
		log_ratelimited(&beyond, LOG_WARN, "%s: the back end lists %lu devices: those beyond %u are left out",
		                bus->path, count, DEVICES_MAX);
	return (unsigned)MIN(count, (uint64_t)DEVICES_MAX);
}

static bool is_same(const struct xen_pci_address *a, const struct xen_pci_address *b)
{
	return a->domain == b->domain && a->bus == b->bus && a->device == b->device && a->function == b->function;
}

static int find(const struct xenbus_dev *bus, const struct xen_pci_address *host, struct xen_pci_address *here)
{
	static struct log_limit bad;

	for (unsigned i = 0, count = device_count(bus); i < count; i++) {
		struct xen_pci_address at;
		int ret = read_address(bus, "dev", i, &at);

		if (!ret && is_same(&at, host))
			ret = read_address(bus, "vdev", i, here);
		else if (ret == -ENOENT || !ret)
			continue; /* one that goes, or another one */
		if (ret == -EPROTO)
			log_ratelimited(&bad, LOG_ERR, "%s: the back end's nodes of device %u hold no address", bus->path, i);
		return ret;
	}
	return -ENODEV;
}

int xen_pci_find(const struct xen_pci_address *host, struct xen_pci_address *here)
{
	struct pci_bus *p = &pci_bus;
	uint64_t deadline = time_monotonic() + PCI_PATIENCE;

	wait_event_full(&p->wait, READ_ONCE(p->connected) || !READ_ONCE(p->present), deadline, false);
	mutex_lock(&p->lock);
	int ret = p->bus && READ_ONCE(p->connected) ? find(p->bus, host, here) : -ENODEV;

	mutex_unlock(&p->lock);
	return ret;
}

/* Returns false if the back end does not answer: asking about more would take long. */
static bool log_device(struct pci_bus *p, unsigned i)
{
	struct xen_pci_address host, here;
	uint32_t ids;

	if (read_address(p->bus, "dev", i, &host) || read_address(p->bus, "vdev", i, &here))
		return true;
	int ret = pci_ask(p, PCI_READ, &here, 0, sizeof(ids), &ids);

	if (ret == -ENODEV)
		return true; /* it goes */
	if (ret)
		pr_err("%s: %04x:%02x:%02x.%x: its identity cannot be read: errno %d", p->bus->path, host.domain, host.bus,
		       host.device, host.function, -ret);
	else
		pr_info("%s: %04x:%02x:%02x.%x is %04x:%04x, here at %04x:%02x:%02x.%x", p->bus->path, host.domain, host.bus,
		        host.device, host.function, ids & 0xffff, ids >> 16, here.domain, here.bus, here.device, here.function);
	return ret != -ETIMEDOUT && ret != -EIO;
}

void pci_log_devices(struct pci_bus *p)
{
	static struct log_limit listings;

	/* All devices or none: the back end can have them named as often as it likes. */
	if (!log_limit_allows(&listings, LOG_INFO))
		return;
	unsigned count = device_count(p->bus);

	for (unsigned i = 0; i < count && log_device(p, i); i++)
		;
}
