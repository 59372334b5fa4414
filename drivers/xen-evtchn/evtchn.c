/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * /dev/xen/evtchn, as on Linux: an open file is a set of event channels. Reading gives the ports that fired, each then masked until the
 * program writes its number back.
 */
#include <core/alloc.h>
#include <core/devfs.h>
#include <core/errno.h>
#include <core/init.h>
#include <core/log.h>
#include <core/string.h>
#include <plat/xen.h>
#include <plat/xen_suspend.h>

#define MISC_MAJOR 10
#define EVTCHN_MINOR 63

/* _IOC(_IOC_NONE, 'E', number, sizeof(argument)) */
#define BIND_VIRQ 0x044500
#define BIND_INTERDOMAIN 0x084501
#define BIND_UNBOUND_PORT 0x044502
#define UNBIND 0x044503
#define NOTIFY 0x044504
#define RESET 0x004505
#define RESTRICT_DOMID 0x024506

#define UNRESTRICTED 0xffffu

struct port {
	struct list link; /* of the set */
	struct list fired_link;
	bool fired;
	uint32_t number;
	struct set *set;
};

struct set {
	struct mutex lock;
	struct list ports;
	struct spinlock fired_lock; /* the list below, and port.fired */
	struct list fired;
	struct waitq wait;
	domid_t restricted;
	struct list sets_link;
};

static struct list sets = LIST_INIT(sets);
static struct spinlock sets_lock = SPINLOCK_INIT("xen-evtchn: all handles");

static void event(uint32_t number, void *arg)
{
	struct port *p = arg;

	xen_event_mask(number);
	spin_lock(&p->set->fired_lock);
	bool before = p->fired;

	p->fired = true;
	if (!before)
		list_push_back(&p->set->fired, &p->fired_link);
	spin_unlock(&p->set->fired_lock);
	if (!before)
		waitq_wake(&p->set->wait, POLLIN | POLLRDNORM);
}

static struct port *find(struct set *s, uint32_t number)
{
	struct port *p;

	list_for_each(p, &s->ports, link)
		if (p->number == number)
			return p;
	return NULL;
}

static void unbind(struct port *p)
{
	xen_event_close(p->number);
	spin_lock(&p->set->fired_lock);
	list_del(&p->fired_link);
	spin_unlock(&p->set->fired_lock);
	list_del(&p->link);
	kfree(p);
}

/* @number: a bound port, or an error to pass on. */
static long add(struct set *s, int number)
{
	if (number < 0)
		return number;
	struct port *p = kzalloc(sizeof(*p));

	if (!p) {
		xen_event_close(number);
		return -ENOMEM;
	}
	p->number = number;
	p->set = s;
	list_init(&p->fired_link);
	list_push_back(&s->ports, &p->link);
	int ret = xen_event_set_handler(number, event, p);

	if (ret) {
		unbind(p);
		return ret;
	}
	return number;
}

/* A program's channels do not survive a suspension of the domain: their numbers are others' now, and the program gets ENOTCONN for them. */
static void resume(bool cancelled)
{
	struct port *p, *next;
	struct set *s;

	if (cancelled)
		return;
	spin_lock(&sets_lock);
	list_for_each(s, &sets, sets_link) {
		list_for_each_safe(p, next, &s->ports, link) {
			list_del(&p->fired_link);
			list_del(&p->link);
			kfree(p);
		}
	}
	spin_unlock(&sets_lock);
}

static bool forbidden(const struct set *s, uint32_t domid)
{
	return s->restricted != UNRESTRICTED && s->restricted != domid;
}

static long evtchn_ioctl(struct file *f, unsigned cmd, union call_arg arg)
{
	struct set *s = f->priv;
	const uint32_t *u32 = arg.object;
	const uint16_t *u16 = arg.object;
	struct port *p, *next;
	long ret = 0;

	mutex_lock(&s->lock);
	switch (cmd) {
	case BIND_VIRQ:
		ret = s->restricted != UNRESTRICTED ? -EACCES : add(s, xen_event_bind_virq(u32[0]));
		break;
	case BIND_INTERDOMAIN:
		ret = forbidden(s, u32[0]) ? -EACCES : add(s, xen_event_bind_interdomain(u32[0], u32[1]));
		break;
	case BIND_UNBOUND_PORT:
		ret = forbidden(s, u32[0]) ? -EACCES : add(s, xen_event_alloc_unbound(u32[0]));
		break;
	case UNBIND:
		p = find(s, u32[0]);
		if (p)
			unbind(p);
		else
			ret = -ENOTCONN;
		break;
	case NOTIFY:
		ret = find(s, u32[0]) ? xen_event_notify(u32[0]) : -ENOTCONN;
		break;
	case RESET:
		spin_lock(&s->fired_lock);
		list_for_each_safe(p, next, &s->fired, fired_link) {
			p->fired = false;
			list_del(&p->fired_link);
		}
		spin_unlock(&s->fired_lock);
		break;
	case RESTRICT_DOMID:
		if (s->restricted != UNRESTRICTED)
			ret = -EACCES;
		else
			s->restricted = *u16;
		break;
	default:
		ret = -ENOTTY;
	}
	mutex_unlock(&s->lock);
	return ret;
}

/* The events that are there now, as far as @it has room: bytes. */
static ssize_t take_fired(struct set *s, struct iov_iter *it)
{
	ssize_t done = 0;

	while (it->left >= sizeof(uint32_t)) {
		uint32_t number = 0;

		spin_lock(&s->fired_lock);
		if (!list_empty(&s->fired)) {
			struct port *p = list_first(&s->fired, struct port, fired_link);

			number = p->number;
			p->fired = false;
			list_del(&p->fired_link);
		}
		spin_unlock(&s->fired_lock);
		if (!number)
			break;
		done += iov_put(it, &number, sizeof(number));
	}
	return done;
}

/* Several threads may read: what one of them waited for another may have taken. A list that is not empty is no event that is ours. */
static ssize_t evtchn_read(struct file *f, struct iov_iter *it, off_t *pos __unused)
{
	struct set *s = f->priv;
	ssize_t done;

	if (it->left < sizeof(uint32_t))
		return it->left ? -EINVAL : 0;
	while (!(done = take_fired(s, it))) {
		if (f->flags & O_NONBLOCK)
			return -EAGAIN;
		int ret = wait_event_interruptible(&s->wait, !list_empty(&s->fired));

		if (ret)
			return ret;
	}
	return done;
}

static ssize_t evtchn_write(struct file *f, struct iov_iter *it, off_t *pos __unused)
{
	struct set *s = f->priv;
	ssize_t done = 0;
	uint32_t number;

	mutex_lock(&s->lock);
	while (it->left >= sizeof(number)) {
		done += iov_get(it, &number, sizeof(number));
		if (find(s, number))
			xen_event_unmask(number);
	}
	mutex_unlock(&s->lock);
	return done;
}

static unsigned evtchn_poll(struct file *f, struct poll_table *pt)
{
	struct set *s = f->priv;

	poll_wait(pt, &s->wait);
	return POLLOUT | POLLWRNORM | (list_empty(&s->fired) ? 0 : POLLIN | POLLRDNORM);
}

static void evtchn_release(struct file *f)
{
	struct set *s = f->priv;
	struct port *p, *next;

	spin_lock(&sets_lock);
	list_del(&s->sets_link);
	spin_unlock(&sets_lock);
	list_for_each_safe(p, next, &s->ports, link)
		unbind(p);
	kfree(s);
}

static const struct file_ops evtchn_ops = {
	.name = "evtchn",
	.read = evtchn_read,
	.write = evtchn_write,
	.poll = evtchn_poll,
	.ioctl = evtchn_ioctl,
	.release = evtchn_release,
};

static int evtchn_open(struct device_node *node __unused, struct file *f)
{
	struct set *s = kzalloc(sizeof(*s));

	if (!s)
		return -ENOMEM;
	mutex_init(&s->lock);
	list_init(&s->ports);
	list_init(&s->fired);
	spinlock_init(&s->fired_lock, "xen-evtchn: ports that fired");
	waitq_init(&s->wait);
	s->restricted = UNRESTRICTED;
	spin_lock(&sets_lock);
	list_push_back(&sets, &s->sets_link);
	spin_unlock(&sets_lock);
	f->priv = s;
	f->ops = &evtchn_ops;
	return 0;
}

static int xen_evtchn_init(void)
{
	static struct device_node node;
	static struct xen_suspend_step step = { .layer = XEN_SUSPEND_FILES, .resume = resume };

	xen_suspend_add(&step);
	node = (struct device_node){ .type = S_IFCHR, .rdev = dev_make(MISC_MAJOR, EVTCHN_MINOR), .open = evtchn_open };
	return devfs_add("xen/evtchn", 0600, &node);
}
INITCALL(INIT_FILES, xen_evtchn_init);
