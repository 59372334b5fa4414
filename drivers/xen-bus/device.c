/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * /dev/xen/xenbus: the xenstore protocol for programs. A program writes whole messages, in pieces if it likes, and reads answers and watch
 * events. Its request identifiers and tokens are its own; on the ring they are ours.
 */
#include <core/alloc.h>
#include <core/devfs.h>
#include <core/errno.h>
#include <core/init.h>
#include <core/log.h>
#include <core/string.h>
#include <plat/xen.h>

#include "protocol.h"

#define MISC_MAJOR 10
#define XENBUS_MINOR 62

struct message {
	struct list link;
	size_t len, taken;
	char data[];
};

struct client {
	struct mutex lock;
	struct list messages; /* to be read; under @queue_lock */
	struct spinlock queue_lock;
	struct waitq wait;
	struct list watches;
	size_t filled;
	char request[sizeof(struct xs_header) + XENSTORE_PAYLOAD_MAX];
};

struct client_watch {
	struct xenstore_watch watch;
	struct list link;
	struct client *client;
	char *path, *token;
};

static int queue(struct client *c, const struct xs_header *h, const struct xs_part *parts, unsigned count)
{
	struct message *m = kmalloc(sizeof(*m) + sizeof(*h) + h->len);
	size_t at = sizeof(*h);

	if (!m)
		return -ENOMEM;
	m->len = sizeof(*h) + h->len;
	m->taken = 0;
	memcpy(m->data, h, sizeof(*h));
	for (unsigned i = 0; i < count; i++) {
		memcpy(m->data + at, parts[i].data, parts[i].len);
		at += parts[i].len;
	}
	spin_lock(&c->queue_lock);
	list_push_back(&c->messages, &m->link);
	spin_unlock(&c->queue_lock);
	waitq_wake(&c->wait, POLLIN | POLLRDNORM);
	return 0;
}

static void watch_fired(struct xenstore_watch *w, const char *changed)
{
	struct client_watch *cw = container_of(w, struct client_watch, watch);
	struct xs_part parts[] = { { changed, strlen(changed) + 1 }, { cw->token, strlen(cw->token) + 1 } };
	struct xs_header h = { .type = XS_WATCH_EVENT, .len = parts[0].len + parts[1].len };

	if (queue(cw->client, &h, parts, ARRAY_SIZE(parts)))
		pr_err("/dev/xen/xenbus: no memory for a watch event of %s", changed);
}

static void forget(struct client_watch *cw)
{
	xenstore_unwatch(&cw->watch);
	list_del(&cw->link);
	kfree(cw->path);
	kfree(cw->token);
	kfree(cw);
}

static int add_watch(struct client *c, const char *path, const char *token)
{
	struct client_watch *cw = kzalloc(sizeof(*cw));

	if (!cw)
		return -ENOMEM;
	cw->client = c;
	cw->path = kstrdup(path);
	cw->token = kstrdup(token);
	cw->watch = (struct xenstore_watch){ .path = cw->path, .fn = watch_fired };
	list_push_back(&c->watches, &cw->link);
	int ret = cw->path && cw->token ? xenstore_watch(&cw->watch) : -ENOMEM;

	if (ret) {
		list_del(&cw->link);
		kfree(cw->path);
		kfree(cw->token);
		kfree(cw);
	}
	return ret;
}

static int remove_watch(struct client *c, const char *path, const char *token)
{
	struct client_watch *cw, *next;

	list_for_each_safe(cw, next, &c->watches, link) {
		if (strcmp(cw->path, path) || strcmp(cw->token, token))
			continue;
		forget(cw);
		return 0;
	}
	return -ENOENT;
}

static const char *name_of(int error)
{
	switch (error) {
	case -ENOENT:
		return "ENOENT";
	case -ENOMEM:
		return "ENOMEM";
	case -EACCES:
		return "EACCES";
	case -EEXIST:
		return "EEXIST";
	case -EINVAL:
		return "EINVAL";
	default:
		return "EIO";
	}
}

/* "path NUL token NUL" */
static int do_watch(struct client *c, const struct xs_header *h, const char *payload)
{
	size_t n = strnlen(payload, h->len);

	if (n >= h->len || strnlen(payload + n + 1, h->len - n - 1) >= h->len - n - 1)
		return -EINVAL;
	return h->type == XS_WATCH ? add_watch(c, payload, payload + n + 1) : remove_watch(c, payload, payload + n + 1);
}

static int answer_watch(struct client *c, const struct xs_header *h, const char *payload)
{
	int ret = do_watch(c, h, payload);
	const char *text = ret ? name_of(ret) : "OK";
	struct xs_part part = { text, strlen(text) + 1 };
	struct xs_header answer = *h;

	answer.len = part.len;
	if (ret)
		answer.type = XS_ERROR;
	return queue(c, &answer, &part, 1);
}

static int forward(struct client *c, const struct xs_header *h, const char *payload)
{
	struct xs_part part = { payload, h->len };
	struct xs_reply reply;
	int ret = xs_talk(h->type, h->tx_id, &part, 1, &reply);

	if (ret)
		return ret;
	struct xs_header answer = { reply.type, h->req_id, h->tx_id, reply.len };

	part = (struct xs_part){ reply.data, reply.len };
	ret = queue(c, &answer, &part, 1);
	kfree(reply.data);
	return ret;
}

static int handle(struct client *c)
{
	struct xs_header *h = (struct xs_header *)c->request;
	const char *payload = c->request + sizeof(*h);

	switch (h->type) {
	case XS_WATCH:
	case XS_UNWATCH:
		return answer_watch(c, h, payload);
	default:
		return forward(c, h, payload);
	}
}

static ssize_t xenbus_write(struct file *f, struct iov_iter *it, off_t *pos __unused)
{
	struct client *c = f->priv;
	const struct xs_header *h = (struct xs_header *)c->request;
	size_t total = it->left;
	int ret = 0;

	mutex_lock(&c->lock);
	while (it->left && !ret) {
		size_t want = c->filled < sizeof(*h) ? sizeof(*h) : sizeof(*h) + h->len;

		c->filled += iov_get(it, c->request + c->filled, want - c->filled);
		if (c->filled < sizeof(*h))
			continue;
		if (h->len > XENSTORE_PAYLOAD_MAX) {
			ret = -EINVAL;
			c->filled = 0;
		} else if (c->filled == sizeof(*h) + h->len) {
			ret = handle(c);
			c->filled = 0;
		}
	}
	mutex_unlock(&c->lock);
	return ret ? ret : (ssize_t)total;
}

static struct message *first_message(struct client *c)
{
	spin_lock(&c->queue_lock);
	struct message *m = list_empty(&c->messages) ? NULL : list_first(&c->messages, struct message, link);

	spin_unlock(&c->queue_lock);
	return m;
}

static ssize_t xenbus_read(struct file *f, struct iov_iter *it, off_t *pos __unused)
{
	struct client *c = f->priv;
	ssize_t done = 0;
	struct message *m;

	if (!first_message(c)) {
		if (f->flags & O_NONBLOCK)
			return -EAGAIN;
		int ret = wait_event_interruptible(&c->wait, first_message(c));

		if (ret)
			return ret;
	}
	while (it->left && (m = first_message(c))) {
		size_t n = iov_put(it, m->data + m->taken, m->len - m->taken);

		done += n;
		m->taken += n;
		if (m->taken < m->len)
			break;
		spin_lock(&c->queue_lock);
		list_del(&m->link);
		spin_unlock(&c->queue_lock);
		kfree(m);
	}
	return done;
}

static unsigned xenbus_poll(struct file *f, struct poll_table *pt)
{
	struct client *c = f->priv;

	poll_wait(pt, &c->wait);
	return POLLOUT | POLLWRNORM | (first_message(c) ? POLLIN | POLLRDNORM : 0);
}

static void xenbus_release(struct file *f)
{
	struct client *c = f->priv;
	struct client_watch *cw, *next_watch;
	struct message *m, *next_message;

	list_for_each_safe(cw, next_watch, &c->watches, link)
		forget(cw);
	list_for_each_safe(m, next_message, &c->messages, link)
		kfree(m);
	kfree(c);
}

static const struct file_ops xenbus_ops = {
	.name = "xenbus",
	.read = xenbus_read,
	.write = xenbus_write,
	.poll = xenbus_poll,
	.release = xenbus_release,
};

static int xenbus_open(struct device_node *node __unused, struct file *f)
{
	struct client *c = kzalloc(sizeof(*c));

	if (!c)
		return -ENOMEM;
	mutex_init(&c->lock);
	spinlock_init(&c->queue_lock, "xen-bus: a client's messages");
	list_init(&c->messages);
	list_init(&c->watches);
	waitq_init(&c->wait);
	f->priv = c;
	f->ops = &xenbus_ops;
	return 0;
}

static int xenbus_node_init(void)
{
	static struct device_node node;
	void *page;
	uint32_t port;

	if (!xen_store_ring(&page, &port))
		return 0;
	node = (struct device_node){ .type = S_IFCHR, .rdev = dev_make(MISC_MAJOR, XENBUS_MINOR), .open = xenbus_open };
	return devfs_add("xen/xenbus", 0600, &node);
}
INITCALL(INIT_FILES, xenbus_node_init);
