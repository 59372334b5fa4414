/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Split devices as xenstore describes them (public/io/xenbus.h): a front end here under device/<class>/<id>, a back end elsewhere, each with
 * a state node. Thread context.
 */
#ifndef DRIVERS_XENBUS_H
#define DRIVERS_XENBUS_H

#include <core/sched.h>
#include <drivers/xenstore.h>
#include <plat/xen.h>

enum xenbus_state {
	XENBUS_UNKNOWN,
	XENBUS_INITIALISING,
	XENBUS_INIT_WAIT,
	XENBUS_INITIALISED,
	XENBUS_CONNECTED,
	XENBUS_CLOSING,
	XENBUS_CLOSED,
	XENBUS_RECONFIGURING,
	XENBUS_RECONFIGURED,
};

#define XENBUS_PATH_MAX 128

struct xenbus_dev {
	char path[64]; /* "device/vbd/768" */
	unsigned id; /* 768 */
	char backend[XENBUS_PATH_MAX]; /* "/local/domain/0/backend/vbd/2/768" */
	domid_t backend_domid;
	/* The back end's state may have changed; called on a thread of the bus, which may use xenstore. May be NULL. */
	void (*backend_changed)(struct xenbus_dev *dev, enum xenbus_state state);
	void *priv;

	struct xenstore_watch watch;
	char watch_path[XENBUS_PATH_MAX + 8];
	struct list link;
	struct waitq wait;
	unsigned changes, changes_seen;
};

/*
 * Call probe() for each device of @class ("vbd") in ascending order of ids; @dev is to be kept when probe() returns 0, and is freed otherwise.
 * A device whose nodes are malformed is named in the log and left out.
 */
void xenbus_probe(const char *class, int (*probe)(struct xenbus_dev *dev));

/* A node of this front end, or of its back end. As the calls of xenstore.h. */
int xenbus_read_u64(const struct xenbus_dev *dev, const char *node, uint64_t *value);
int xenbus_printf(const struct xenbus_dev *dev, const char *node, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int xenbus_backend_read(const struct xenbus_dev *dev, const char *node, char **value);
/* The number in the back end's @node, or @missing if there is none that makes sense. */
uint64_t xenbus_backend_u64(const struct xenbus_dev *dev, const char *node, uint64_t missing);

/* Tell the back end our state. */
int xenbus_set_state(const struct xenbus_dev *dev, enum xenbus_state state);
enum xenbus_state xenbus_backend_state(const struct xenbus_dev *dev);
/*
 * Wait until the back end's state is one of @states (bits 1 << XENBUS_*). Returns the state; -ECONNRESET when it is closing, closed or gone
 * and that is not asked for; -ETIMEDOUT at the absolute monotonic @deadline (ns).
 */
int xenbus_wait_backend(struct xenbus_dev *dev, unsigned states, uint64_t deadline);

#endif
