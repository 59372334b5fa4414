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

#include "inbox.h"
#include "protocol.h"

#define MISC_MAJOR 10
#define XENBUS_MINOR 62

struct client {
	struct mutex lock;
	struct inbox inbox;
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

static void watch_fired(struct xenstore_watch *w, const char *changed)
{
	static struct log_limit limit;
	struct client_watch *cw = container_of(w, struct client_watch, watch);
	struct xs_part parts[] = { { changed, strlen(changed) + 1 }, { cw->token, strlen(cw->token) + 1 } };
	struct xs_header h = { .type = XS_WATCH_EVENT, .len = parts[0].len + parts[1].len };

	if (inbox_add(&cw->client->inbox, &h, parts, ARRAY_SIZE(parts)) == -ENOMEM)
		log_ratelimited(&limit, LOG_ERR, "/dev/xen/xenbus: no memory for a watch event of %s", changed);
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

/* The answer to @h that has no contents: 0 or -Exxx. */
static int answer(struct client *c, const struct xs_header *h, int ret)
{
	const char *text = ret ? name_of(ret) : "OK";
	struct xs_part part = { text, strlen(text) + 1 };
	struct xs_header head = *h;

	head.len = part.len;
	if (ret)
		head.type = XS_ERROR;
	return inbox_add(&c->inbox, &head, &part, 1);
}

static int forward(struct client *c, const struct xs_header *h, const char *payload)
{
	struct xs_part part = { payload, h->len };
	struct xs_reply reply;
	int ret = xs_talk(h->type, h->tx_id, &part, 1, &reply);

	if (ret == -EACCES) /* as xenstored answers what only dom0 may ask */
		return answer(c, h, ret);
	if (ret)
		return ret;
	struct xs_header head = { reply.type, h->req_id, h->tx_id, reply.len };

	part = (struct xs_part){ reply.data, reply.len };
	ret = inbox_add(&c->inbox, &head, &part, 1);
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
		return answer(c, h, do_watch(c, h, payload));
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

/* Several threads may read: what one of them waited for another may have taken. */
static ssize_t xenbus_read(struct file *f, struct iov_iter *it, off_t *pos __unused)
{
	struct client *c = f->priv;
	ssize_t done = inbox_read(&c->inbox, it);

	while (!done && it->left) {
		if (f->flags & O_NONBLOCK)
			return -EAGAIN;
		int ret = wait_event_interruptible(&c->inbox.wait, inbox_has_messages(&c->inbox));

		if (ret)
			return ret;
		done = inbox_read(&c->inbox, it);
	}
	return done;
}

static unsigned xenbus_poll(struct file *f, struct poll_table *pt)
{
	struct client *c = f->priv;

	poll_wait(pt, &c->inbox.wait);
	return POLLOUT | POLLWRNORM | (inbox_has_messages(&c->inbox) ? POLLIN | POLLRDNORM : 0);
}

static void xenbus_release(struct file *f)
{
	struct client *c = f->priv;
	struct client_watch *cw, *next_watch;

	list_for_each_safe(cw, next_watch, &c->watches, link)
		forget(cw);
	inbox_clear(&c->inbox);
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
	inbox_init(&c->inbox);
	list_init(&c->watches);
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
