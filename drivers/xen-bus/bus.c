/* SPDX-License-Identifier: BSD-3-Clause */
#include <drivers/xenbus.h>

#include <core/alloc.h>
#include <core/errno.h>
#include <core/kthread.h>
#include <core/log.h>
#include <core/string.h>

#define IDS_MAX 64

/* Devices that were probed; a thread tells their drivers about changes. */
static struct list devices = LIST_INIT(devices);
static struct mutex devices_lock = MUTEX_INIT(devices_lock);
static struct waitq any_change = WAITQ_INIT(any_change);
static unsigned all_changes;

static int path_in(char *out, size_t size, const char *folder, const char *node)
{
	return snprintf(out, size, "%s/%s", folder, node) < (int)size ? 0 : -ENAMETOOLONG;
}

int xenbus_read_u64(const struct xenbus_dev *dev, const char *node, uint64_t *value)
{
	char path[XENBUS_PATH_MAX];
	int ret = path_in(path, sizeof(path), dev->path, node);

	return ret ? ret : xenstore_read_u64(XST_NONE, path, value);
}

int xenbus_printf(const struct xenbus_dev *dev, const char *node, const char *format, ...)
{
	char path[XENBUS_PATH_MAX], text[128];
	va_list ap;

	va_start(ap, format);
	int len = vsnprintf(text, sizeof(text), format, ap);

	va_end(ap);
	int ret = len < (int)sizeof(text) ? path_in(path, sizeof(path), dev->path, node) : -EINVAL;

	if (!ret)
		ret = xenstore_write(XST_NONE, path, text, len);
	if (ret)
		pr_err("%s: writing %s failed: errno %d", dev->path, node, -ret);
	return ret;
}

int xenbus_backend_read(const struct xenbus_dev *dev, const char *node, char **value)
{
	char path[XENBUS_PATH_MAX + 32];
	int ret = path_in(path, sizeof(path), dev->backend, node);

	return ret ? ret : xenstore_read(XST_NONE, path, value, NULL);
}

uint64_t xenbus_backend_u64(const struct xenbus_dev *dev, const char *node, uint64_t missing)
{
	char path[XENBUS_PATH_MAX + 32];
	uint64_t value;

	if (path_in(path, sizeof(path), dev->backend, node) || xenstore_read_u64(XST_NONE, path, &value))
		return missing;
	return value;
}

int xenbus_set_state(const struct xenbus_dev *dev, enum xenbus_state state)
{
	return xenbus_printf(dev, "state", "%u", state);
}

enum xenbus_state xenbus_backend_state(const struct xenbus_dev *dev)
{
	return xenbus_backend_u64(dev, "state", XENBUS_UNKNOWN);
}

static void changed(struct xenstore_watch *w, const char *path __unused)
{
	struct xenbus_dev *dev = container_of(w, struct xenbus_dev, watch);

	dev->changes++;
	waitq_wake(&dev->wait, ~0u);
	all_changes++;
	waitq_wake(&any_change, ~0u);
}

static void tell_drivers(void *arg __unused)
{
	unsigned seen = 0;

	for (;;) {
		struct xenbus_dev *dev;

		wait_event(&any_change, READ_ONCE(all_changes) != seen);
		seen = READ_ONCE(all_changes);
		mutex_lock(&devices_lock);
		list_for_each(dev, &devices, link) {
			unsigned changes = READ_ONCE(dev->changes);

			if (changes == dev->changes_seen)
				continue;
			dev->changes_seen = changes;
			if (dev->backend_changed)
				dev->backend_changed(dev, xenbus_backend_state(dev));
		}
		mutex_unlock(&devices_lock);
	}
}

static int add_device(struct xenbus_dev *dev)
{
	static bool started;

	if (!started && !thread_create("xenbus", tell_drivers, NULL))
		return -ENOMEM;
	started = true;
	mutex_lock(&devices_lock);
	list_push_back(&devices, &dev->link);
	mutex_unlock(&devices_lock);
	/* What happened before. */
	all_changes++;
	waitq_wake(&any_change, ~0u);
	return 0;
}

int xenbus_wait_backend(struct xenbus_dev *dev, unsigned states, uint64_t deadline)
{
	const unsigned ended = 1u << XENBUS_CLOSING | 1u << XENBUS_CLOSED;

	for (;;) {
		unsigned seen = READ_ONCE(dev->changes);
		enum xenbus_state state = xenbus_backend_state(dev);

		if (states & 1u << state)
			return state;
		if (ended & 1u << state)
			return -ECONNRESET;
		int ret = wait_event_full(&dev->wait, READ_ONCE(dev->changes) != seen, deadline, false);

		if (ret)
			return ret;
	}
}

static int read_backend(struct xenbus_dev *dev)
{
	char path[XENBUS_PATH_MAX];
	uint64_t domid;
	char *value;
	int ret = path_in(path, sizeof(path), dev->path, "backend");

	if (!ret)
		ret = xenstore_read(XST_NONE, path, &value, NULL);
	if (ret)
		return ret;
	if (strlcpy(dev->backend, value, sizeof(dev->backend)) >= sizeof(dev->backend))
		ret = -ENAMETOOLONG;
	kfree(value);
	if (!ret)
		ret = xenbus_read_u64(dev, "backend-id", &domid);
	if (!ret && domid >= DOMID_SELF)
		ret = -EINVAL;
	if (ret)
		return ret;
	dev->backend_domid = domid;
	snprintf(dev->watch_path, sizeof(dev->watch_path), "%s/state", dev->backend);
	dev->watch = (struct xenstore_watch){ .path = dev->watch_path, .fn = changed };
	return xenstore_watch(&dev->watch);
}

static void probe_one(const char *class, unsigned id, int (*probe)(struct xenbus_dev *dev))
{
	struct xenbus_dev *dev = kzalloc(sizeof(*dev));

	if (!dev) {
		pr_err("device/%s/%u: no memory", class, id);
		return;
	}
	waitq_init(&dev->wait);
	dev->id = id;
	snprintf(dev->path, sizeof(dev->path), "device/%s/%u", class, id);
	int ret = read_backend(dev);

	if (ret) {
		pr_err("%s: its nodes backend and backend-id make no sense: errno %d", dev->path, -ret);
		kfree(dev);
		return;
	}
	ret = probe(dev);
	if (!ret)
		ret = add_device(dev);
	if (ret) {
		pr_err("%s: not connected: errno %d", dev->path, -ret);
		xenstore_unwatch(&dev->watch);
		kfree(dev);
	}
}

void xenbus_probe(const char *class, int (*probe)(struct xenbus_dev *dev))
{
	unsigned ids[IDS_MAX], count = 0;
	char folder[32];
	char *names;
	size_t len;

	snprintf(folder, sizeof(folder), "device/%s", class);
	if (xenstore_directory(XST_NONE, folder, &names, &len))
		return;
	for (const char *name = names; name < names + len; name += strlen(name) + 1) {
		const char *end;
		uint64_t id = strtou64(name, &end, 10);

		if (end == name || *end || id > UINT32_MAX || count == IDS_MAX) {
			pr_err("%s/%s: not a device number, or too many devices", folder, name);
			continue;
		}
		unsigned at = count++;

		for (; at && ids[at - 1] > id; at--)
			ids[at] = ids[at - 1];
		ids[at] = id;
	}
	kfree(names);
	for (unsigned i = 0; i < count; i++)
		probe_one(class, ids[i], probe);
}
