/* SPDX-License-Identifier: BSD-3-Clause */
/* /dev/xen/kbd */
#include <core/devfs.h>
#include <core/errno.h>

#include "kbd.h"

/* Of those that Linux leaves to local use. */
#define KBD_MAJOR 240
#define KBD_MINOR 0

static ssize_t kbd_read(struct file *f, struct iov_iter *it, off_t *pos __unused)
{
	struct kbd *k = f->priv;
	struct xen_kbd_event e;
	ssize_t done = 0;

	if (it->left < sizeof(e))
		return -EINVAL;
	/* At most a queue full: the back end may go on filling it. */
	while (it->left >= sizeof(e) && done < (ssize_t)(KBD_IN_ENTRIES * sizeof(e))) {
		spin_lock(&k->in_lock);
		bool any = kbd_take(k, &e);

		spin_unlock(&k->in_lock);
		if (any) {
			done += iov_put(it, &e, sizeof(e));
			continue;
		}
		if (done)
			return done;
		if (f->flags & O_NONBLOCK)
			return -EAGAIN;
		int ret = wait_event_interruptible(&k->wait, kbd_pending(k));

		if (ret)
			return ret;
	}
	return done;
}

static unsigned kbd_poll(struct file *f, struct poll_table *pt)
{
	struct kbd *k = f->priv;

	poll_wait(pt, &k->wait);
	return kbd_pending(k) ? POLLIN | POLLRDNORM : 0;
}

static const struct file_ops kbd_ops = {
	.name = "xen-kbd",
	.read = kbd_read,
	.poll = kbd_poll,
};

static struct kbd *the_kbd;

static int kbd_open(struct device_node *node __unused, struct file *f)
{
	f->priv = the_kbd;
	f->ops = &kbd_ops;
	return 0;
}

int kbd_add_file(struct kbd *k)
{
	static struct device_node node;

	if (the_kbd)
		return -EBUSY;
	the_kbd = k;
	node = (struct device_node){ .type = S_IFCHR, .rdev = dev_make(KBD_MAJOR, KBD_MINOR), .open = kbd_open };
	return devfs_add("xen/kbd", 0600, &node);
}
