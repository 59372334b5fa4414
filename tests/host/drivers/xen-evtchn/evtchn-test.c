/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Two readers of a set of event channels that wait for one event: the other one takes it first, and this one waits for the next, or hears that
 * there is none, instead of an end of the file.
 * sources: tests/host/stubs/alloc.c
 */
#include "../../../../drivers/xen-evtchn/evtchn.c"
#include "../../host.h"

#define PORT 7

static struct set *s;
static unsigned events_left, waits, races; /* how many events the other reader takes */
static int depth;

static void fire(void)
{
	event(PORT, list_first(&s->ports, struct port, link));
}

/* Between the end of the wait and the look at the list. */
void preempt_disable(void)
{
	if (!depth++ && races && !list_empty(&s->fired)) {
		struct port *p = list_first(&s->fired, struct port, fired_link);

		races--;
		p->fired = false;
		list_del(&p->fired_link);
	}
}

void preempt_enable(void)
{
	depth--;
}

void mutex_init(struct mutex *m)
{
	m->owner = NULL;
}

void mutex_lock(struct mutex *m __unused)
{
}

void mutex_unlock(struct mutex *m __unused)
{
}

void waiter_init(struct waiter *w)
{
	*w = (struct waiter){ .thread = NULL };
}

/* Each wait brings an event, and then a signal. */
int waiter_sleep(struct waiter *w __unused, uint64_t deadline __unused, bool interruptible)
{
	unsigned before = races;

	CHECK(interruptible && !depth);
	waits++;
	if (!events_left)
		return -EINTR;
	events_left--;
	races = 0; /* not in the interrupt handler */
	fire();
	races = before;
	return 0;
}

void waitq_add(struct waitq *q __unused, struct wait_entry *e __unused)
{
}

void waitq_remove(struct wait_entry *e __unused)
{
}

void waitq_wake(struct waitq *q __unused, unsigned events __unused)
{
}

int xen_event_set_handler(uint32_t port __unused, void (*fn)(uint32_t port, void *arg) __unused, void *arg __unused)
{
	return 0;
}

int xen_event_bind_virq(unsigned virq __unused)
{
	return PORT;
}

int xen_event_bind_interdomain(domid_t remote __unused, uint32_t port __unused)
{
	return PORT;
}

int xen_event_alloc_unbound(domid_t remote __unused)
{
	return PORT;
}

void xen_event_mask(uint32_t port __unused)
{
}

void xen_event_unmask(uint32_t port __unused)
{
}

int xen_event_notify(uint32_t port __unused)
{
	return 0;
}

void xen_event_close(uint32_t port __unused)
{
}

void xen_suspend_add(struct xen_suspend_step *step __unused)
{
}

int devfs_add(const char *path __unused, uint32_t mode __unused, struct device_node *node __unused)
{
	return 0;
}

size_t iov_put(struct iov_iter *it, const void *buf, size_t n)
{
	memcpy(it->iov->iov_base, buf, n);
	it->left -= n;
	return n;
}

size_t iov_get(struct iov_iter *it, void *buf, size_t n)
{
	memcpy(buf, it->iov->iov_base, n);
	it->left -= n;
	return n;
}

static ssize_t read_one(struct file *f, uint32_t *number, size_t size)
{
	struct iovec vec = { number, size };
	struct iov_iter it = { .iov = &vec, .left = size };

	*number = 0;
	waits = 0;
	return evtchn_read(f, &it, NULL);
}

int main(void)
{
	static struct file f;
	uint32_t domain = 0, number;

	CHECK_EQ(evtchn_open(NULL, &f), 0);
	s = f.priv;
	CHECK_EQ(evtchn_ioctl(&f, BIND_UNBOUND_PORT, (union call_arg){ .object = &domain }), PORT);
	events_left = 1;
	CHECK_EQ(read_one(&f, &number, 4), 4);
	CHECK_EQ(number, PORT);

	/* Others take the first two. */
	events_left = 3;
	races = 2;
	CHECK_EQ(read_one(&f, &number, 4), 4);
	CHECK_EQ(number, PORT);
	CHECK_EQ(waits, 3);
	events_left = 1;
	races = 1;
	CHECK_EQ(read_one(&f, &number, 4), -EINTR);
	f.flags = O_NONBLOCK;
	CHECK_EQ(read_one(&f, &number, 4), -EAGAIN);
	fire();
	races = 1;
	CHECK_EQ(read_one(&f, &number, 4), -EAGAIN);
	CHECK_EQ(waits, 0);
	CHECK_EQ(read_one(&f, &number, 3), -EINVAL);
	CHECK_EQ(read_one(&f, &number, 0), 0);
	evtchn_release(&f);
	CHECK_EQ(host_live, 0);
	return 0;
}
