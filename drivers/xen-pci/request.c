/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests, one at a time: the page has room for one. The back end may write anything into it at any time. */
#include <core/errno.h>
#include <core/log.h>

#include "message.h"
#include "pci.h"

static bool is_active(struct pci_bus *p)
{
	const struct pci_page *page = p->shared->data;

	return __atomic_load_n(&page->flags, __ATOMIC_ACQUIRE) & PCI_ACTIVE;
}

/* The flag stays until the back end takes it away: an answer that comes too late is no other request's. */
static int wait_for_answer(struct pci_bus *p)
{
	int ret = wait_event_full(&p->wait, !is_active(p) || !READ_ONCE(p->connected), time_monotonic() + PCI_PATIENCE, false);

	if (ret && !p->silent) {
		p->silent = true;
		pr_err("%s: the back end does not answer a request: %llu s are over", p->bus->path,
		       PCI_PATIENCE / NSEC_PER_SEC);
	}
	if (ret)
		return ret;
	return is_active(p) ? -ENODEV : 0;
}

static int ask(struct pci_bus *p, const struct pci_request *r, uint32_t *value)
{
	struct pci_page *page;

	if (!p->bus || !READ_ONCE(p->connected))
		return -ENODEV;
	page = p->shared->data;
	if (is_active(p))
		return -EIO;
	p->silent = false;
	page->request = *r;
	__atomic_fetch_or(&page->flags, PCI_ACTIVE, __ATOMIC_RELEASE);
	int ret = xen_event_notify(p->port);

	if (!ret)
		ret = wait_for_answer(p);
	if (ret)
		return ret;
	ret = pci_errno(READ_ONCE(page->request.error));
	if (!ret && value)
		*value = pci_value(READ_ONCE(page->request.value), (unsigned)r->size);
	return ret;
}

int pci_ask(struct pci_bus *p, unsigned command, const struct xen_pci_address *at, unsigned offset, unsigned size,
            uint32_t *value)
{
	struct pci_request r;

	if (!pci_request(&r, command, at, offset, size, command == PCI_WRITE ? *value : 0))
		return -EINVAL;
	mutex_lock(&p->lock);
	int ret = ask(p, &r, command == PCI_READ ? value : NULL);

	mutex_unlock(&p->lock);
	return ret;
}

int xen_pci_read(const struct xen_pci_address *here, unsigned offset, unsigned size, uint32_t *value)
{
	return pci_ask(&pci_bus, PCI_READ, here, offset, size, value);
}

int xen_pci_write(const struct xen_pci_address *here, unsigned offset, unsigned size, uint32_t value)
{
	return pci_ask(&pci_bus, PCI_WRITE, here, offset, size, &value);
}

/* The back end waits for an answer to each of its error reports. */
static void answer_report(struct pci_bus *p, struct pci_page *page)
{
	static struct log_limit limit;

	log_ratelimited(&limit, LOG_WARN, "%s: the host reports an error of a device, and nothing is done about it",
	                p->bus->path);
	page->report.result = PCI_REPORT_IGNORED;
	__atomic_fetch_and(&page->flags, ~PCI_REPORT, __ATOMIC_RELEASE);
	xen_event_notify(p->port);
}

void pci_event(uint32_t port __unused, void *arg)
{
	struct pci_bus *p = arg;
	struct pci_page *page = p->shared->data;

	if (__atomic_load_n(&page->flags, __ATOMIC_ACQUIRE) & PCI_REPORT)
		answer_report(p, page);
	waitq_wake(&p->wait, ~0u);
}
