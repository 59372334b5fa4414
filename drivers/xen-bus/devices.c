/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The devices of this domain: found at the start and as they come, and one thread that tells the drivers what happens to them. The toolstack makes
 * a device's nodes at once and takes them away at once; a device that comes back between two looks is known by nodes that are new.
 */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/kthread.h>
#include <core/log.h>
#include <core/string.h>
#include <core/timer.h>
#include <drivers/xenbus.h>
#include <plat/xen_suspend.h>

#include "names.h"

/* Both under @bus_lock, which is held during the drivers' calls. */
static struct list devices = LIST_INIT(devices);
static struct list classes = LIST_INIT(classes);
static struct mutex bus_lock = MUTEX_INIT(bus_lock);
static struct waitq any_change = WAITQ_INIT(any_change);
static unsigned all_changes;

static void something_changed(unsigned *changes)
{
	__atomic_add_fetch(changes, 1, __ATOMIC_RELAXED);
	__atomic_add_fetch(&all_changes, 1, __ATOMIC_RELAXED);
	waitq_wake(&any_change, ~0u);
}

static void backend_changed(struct xenstore_watch *w, const char *path __unused)
{
	struct xenbus_dev *dev = container_of(w, struct xenbus_dev, watch);

	something_changed(&dev->changes);
	waitq_wake(&dev->wait, ~0u);
}

static void folder_changed(struct xenstore_watch *w, const char *path)
{
	struct xenbus_class *class = container_of(w, struct xenbus_class, watch);

	if (names_changed(class->folder, path))
		something_changed(&class->changes);
}

/* The node that names the back end: "" if there is none, or none that makes sense. */
static void backend_path(const struct xenbus_dev *dev, char path[XENBUS_PATH_MAX])
{
	char node[sizeof(dev->path) + 16], *value;

	path[0] = 0;
	snprintf(node, sizeof(node), "%s/backend", dev->path);
	if (xenstore_read(XST_NONE, node, &value, NULL))
		return;
	if (strlcpy(path, value, XENBUS_PATH_MAX) >= XENBUS_PATH_MAX)
		path[0] = 0;
	kfree(value);
}

static bool has_nodes(const struct xenbus_dev *dev)
{
	char *names;
	int ret = xenstore_directory(XST_NONE, dev->path, &names, NULL);

	if (!ret)
		kfree(names);
	return ret != -ENOENT;
}

static int find_backend(struct xenbus_dev *dev)
{
	uint64_t domid;

	if (!dev->backend[0])
		return -ENOENT;
	int ret = xenbus_read_u64(dev, "backend-id", &domid);

	if (!ret && domid >= DOMID_SELF)
		ret = -EINVAL;
	if (ret)
		return ret;
	dev->backend_domid = domid;
	snprintf(dev->watch_path, sizeof(dev->watch_path), "%s/state", dev->backend);
	dev->watch = (struct xenstore_watch){ .path = dev->watch_path, .fn = backend_changed };
	return xenstore_watch(&dev->watch);
}

/* Find the device a driver. Returns false, after a message, if it gets none. */
static bool start_device(struct xenbus_dev *dev, uint64_t id)
{
	backend_path(dev, dev->backend);
	if (id == ID_NONE) {
		pr_err("%s: not a device number", dev->path);
		return false;
	}
	dev->id = id;
	int ret = find_backend(dev);

	if (ret && !has_nodes(dev))
		return false; /* it went meanwhile */
	if (ret) {
		pr_err("%s: its nodes backend and backend-id make no sense: errno %d", dev->path, -ret);
		return false;
	}
	ret = dev->class->probe(dev);
	if (ret) {
		pr_err("%s: not connected: errno %d", dev->path, -ret);
		xenstore_unwatch(&dev->watch);
	}
	return !ret;
}

static void add_device(struct xenbus_class *class, const struct device_name *name)
{
	struct xenbus_dev *dev = kzalloc(sizeof(*dev));

	if (!dev) {
		pr_err("%s/%s: no memory", class->folder, name->name);
		return;
	}
	waitq_init(&dev->wait);
	dev->class = class;
	dev->told = XENBUS_INITIALISING;
	snprintf(dev->path, sizeof(dev->path), "%s/%s", class->folder, name->name);
	dev->refused = !start_device(dev, name->id);
	if (dev->refused && !class->remove) {
		kfree(dev); /* nobody looks again */
		return;
	}
	list_push_back(&devices, &dev->link);
}

static void remove_device(struct xenbus_dev *dev)
{
	list_del(&dev->link);
	if (!dev->refused) {
		dev->class->remove(dev);
		xenstore_unwatch(&dev->watch);
	}
	kfree(dev);
}

static struct xenbus_dev *find_device(const struct xenbus_class *class, const char *name)
{
	char path[sizeof(((struct xenbus_dev *)0)->path)];
	struct xenbus_dev *dev;

	snprintf(path, sizeof(path), "%s/%s", class->folder, name);
	list_for_each(dev, &devices, link)
		if (!strcmp(dev->path, path))
			return dev;
	return NULL;
}

/* Did its nodes go, or are those that stand there now another device's? */
static bool is_gone(const struct xenbus_dev *dev)
{
	char backend[XENBUS_PATH_MAX];
	uint64_t state;

	backend_path(dev, backend);
	if (strcmp(backend, dev->backend))
		return true;
	return dev->told != XENBUS_INITIALISING && !xenbus_read_u64(dev, "state", &state) && state == XENBUS_INITIALISING;
}

static bool is_listed(const struct xenbus_dev *dev, const struct device_name *names, size_t count)
{
	const char *name = dev->path + strlen(dev->class->folder) + 1;
	size_t room = dev->path + sizeof(dev->path) - 1 - name;

	for (size_t i = 0; i < count; i++)
		if (!strncmp(names[i].name, name, room))
			return true;
	return false;
}

static void remove_gone(const struct xenbus_class *class)
{
	struct xenbus_dev *dev, *next;

	list_for_each_safe(dev, next, &devices, link)
		if (dev->class == class && is_gone(dev))
			remove_device(dev);
}

/* Those without a back end: only the folder's listing tells that they went. */
static void forget_refused(const struct xenbus_class *class, const struct device_name *names, size_t count)
{
	struct xenbus_dev *dev, *next;

	list_for_each_safe(dev, next, &devices, link)
		if (dev->class == class && dev->refused && !is_listed(dev, names, count))
			remove_device(dev);
}

static void look(struct xenbus_class *class)
{
	struct device_name found[NAMES_MAX];
	char *names = NULL;
	size_t len = 0;

	remove_gone(class);
	int ret = xenstore_directory(XST_NONE, class->folder, &names, &len);

	if (ret && ret != -ENOENT)
		return; /* nothing is known */
	size_t count = names_sort(names, len, found);

	if (count > NAMES_MAX && !class->crowded)
		pr_err("%s: %zu devices: those beyond %d are left out", class->folder, count, NAMES_MAX);
	class->crowded = count > NAMES_MAX;
	count = MIN(count, (size_t)NAMES_MAX);
	forget_refused(class, found, count);
	for (size_t i = 0; i < count; i++)
		if (!find_device(class, found[i].name))
			add_device(class, &found[i]);
	kfree(names);
}

static void tell_driver(struct xenbus_dev *dev)
{
	unsigned changes = READ_ONCE(dev->changes);

	if (dev->deadline && time_monotonic() >= dev->deadline) {
		dev->deadline = 0;
		dev->overdue(dev);
	}
	if (changes == dev->changes_seen)
		return;
	dev->changes_seen = changes;
	if (dev->backend_changed)
		dev->backend_changed(dev, xenbus_backend_state(dev));
}

/* Returns the next deadline, 0 if there is none. */
static uint64_t tell_drivers(void)
{
	struct xenbus_class *class;
	struct xenbus_dev *dev;
	uint64_t deadline = 0;

	mutex_lock(&bus_lock);
	list_for_each(class, &classes, link) {
		unsigned changes = READ_ONCE(class->changes);

		if (changes != class->changes_seen)
			look(class);
		class->changes_seen = changes;
	}
	list_for_each(dev, &devices, link) {
		if (!dev->refused)
			tell_driver(dev);
		if (dev->deadline && (!deadline || dev->deadline < deadline))
			deadline = dev->deadline;
	}
	mutex_unlock(&bus_lock);
	return deadline;
}

static void bus_thread(void *arg __unused)
{
	for (;;) {
		unsigned seen = READ_ONCE(all_changes);
		uint64_t deadline = tell_drivers();

		wait_event_full(&any_change, READ_ONCE(all_changes) != seen, deadline, false);
	}
}

static void freeze(void)
{
	struct xenbus_dev *dev;

	mutex_lock(&bus_lock);
	list_for_each(dev, &devices, link)
		if (!dev->refused && dev->class->hold)
			dev->class->hold(dev);
}

static void resume(bool cancelled)
{
	struct xenbus_dev *dev;

	list_for_each(dev, &devices, link)
		if (!cancelled && !dev->refused && dev->class->lost)
			dev->class->lost(dev);
}

/* The device has its nodes again, but another back end's. */
static void connect_again(struct xenbus_dev *dev)
{
	domid_t before = dev->backend_domid;

	xenstore_unwatch(&dev->watch);
	backend_path(dev, dev->backend);
	dev->told = XENBUS_INITIALISING;
	int ret = find_backend(dev);

	if (!ret && dev->backend_domid != before)
		ret = -EXDEV; /* the grants are for the other one */
	if (ret || !dev->class->again) {
		pr_err("%s: not connected again after the suspension: errno %d", dev->path, ret ? -ret : EOPNOTSUPP);
		return;
	}
	dev->class->again(dev);
	dev->changes++;
}

static void thaw(bool cancelled)
{
	struct xenbus_dev *dev;

	list_for_each(dev, &devices, link) {
		if (!cancelled && !dev->refused)
			connect_again(dev);
		if (!dev->refused && dev->class->let_go)
			dev->class->let_go(dev);
	}
	mutex_unlock(&bus_lock);
	something_changed(&all_changes);
}

static bool start_thread(void)
{
	static struct xen_suspend_step step = { .layer = XEN_SUSPEND_BUS, .freeze = freeze, .resume = resume, .thaw = thaw };
	static bool started;

	if (!started) {
		started = thread_create("xenbus", bus_thread, NULL);
		xen_suspend_add(&step);
	}
	return started;
}

void xenbus_probe(struct xenbus_class *class)
{
	snprintf(class->folder, sizeof(class->folder), "device/%s", class->name);
	if (!start_thread()) {
		pr_err("%s: no memory for the bus's thread", class->folder);
		return;
	}
	mutex_lock(&bus_lock);
	look(class);
	list_push_back(&classes, &class->link);
	mutex_unlock(&bus_lock);
	if (class->remove) {
		class->watch = (struct xenstore_watch){ .path = class->folder, .fn = folder_changed };
		int ret = xenstore_watch(&class->watch);

		if (ret && ret != -ENODEV)
			pr_err("%s: devices that come and go are not seen: errno %d", class->folder, -ret);
	}
	something_changed(&all_changes); /* what happened before the devices were on the list */
}
