/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a back end's nodes list, named in the log: all devices each time, and not as often as the back end likes; nodes that make no sense neither.
 * sources: drivers/xen-pci/message.c core/base/string.c core/base/printf.c core/base/loglimit.c tests/host/stubs/alloc.c tests/host/stubs/sched.c
 */
#include "../../../../drivers/xen-pci/devices.c"

#include <plat/plat.h>

#include "../../host.h"

#define DEVICES 20

enum log_level log_level = LOG_INFO;
struct pci_bus pci_bus;
static struct xenbus_dev bus = { .path = "device/pci/0" };
static const char *address = "0000:00:1f.7";
static uint64_t listed = DEVICES, now = NSEC_PER_SEC;
static unsigned lines;

uint64_t time_monotonic(void)
{
	return now;
}

const struct plat_ops plat_ops = { .clock_monotonic = time_monotonic };

void log_printf(enum log_level level __unused, const char *fmt __unused, ...)
{
	lines++;
}

uint64_t xenbus_backend_u64(const struct xenbus_dev *dev __unused, const char *node __unused, uint64_t missing __unused)
{
	return listed;
}

int xenbus_backend_read(const struct xenbus_dev *dev __unused, const char *node __unused, char **value)
{
	*value = kstrdup(address);
	return 0;
}

int pci_ask(struct pci_bus *p __unused, unsigned command __unused, const struct xen_pci_address *at __unused,
            unsigned offset __unused, unsigned size __unused, uint32_t *value)
{
	*value = 0x12348086;
	return 0;
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

int main(void)
{
	struct xen_pci_address host = { 0 }, here;

	pci_bus.bus = &bus;
	pci_bus.connected = pci_bus.present = true;
	pci_log_devices(&pci_bus);
	CHECK_EQ(lines, DEVICES);
	for (int i = 0; i < 1000; i++)
		pci_log_devices(&pci_bus);
	CHECK_EQ(lines, LOG_LIMIT_LINES * DEVICES);
	now += LOG_LIMIT_PERIOD;
	lines = 0;
	pci_log_devices(&pci_bus);
	CHECK_EQ(lines, 1 + DEVICES);

	/* A program asks. */
	CHECK_EQ(xen_pci_find(&host, &here), -ENODEV);
	listed = 1000;
	lines = 0;
	for (int i = 0; i < 1000; i++)
		CHECK_EQ(xen_pci_find(&host, &here), -ENODEV);
	CHECK_EQ(lines, LOG_LIMIT_LINES);
	address = "nonsense";
	lines = 0;
	for (int i = 0; i < 1000; i++)
		CHECK_EQ(xen_pci_find(&host, &here), -EPROTO);
	CHECK_EQ(lines, LOG_LIMIT_LINES);
	CHECK_EQ(host_live, 0);
	return 0;
}
