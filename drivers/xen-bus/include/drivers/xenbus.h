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
	/* The driver may set @deadline, an absolute monotonic time: then overdue() is called on that thread, once. 0: none. */
	uint64_t deadline;
	void (*overdue)(struct xenbus_dev *dev);
	void *priv;

	struct xenbus_class *class;
	struct xenstore_watch watch;
	char watch_path[XENBUS_PATH_MAX + 8];
	struct list link;
	struct waitq wait;
	unsigned changes, changes_seen;
	enum xenbus_state told; /* what we told the back end last */
	bool refused; /* no driver has it: it is only remembered until it goes */
};

/* The devices of a kind, and their driver. */
struct xenbus_class {
	const char *name; /* "vbd" */
	/* A device is there, its driver keeps it if this returns 0. With -Exxx it is named in the log, and left out. */
	int (*probe)(struct xenbus_dev *dev);
	/*
	 * The toolstack took a device away that probe() kept: it is freed after this. With NULL, devices of the class neither come nor go
	 * after the start. On the bus's thread.
	 */
	void (*remove)(struct xenbus_dev *dev);
	/*
	 * This domain was suspended, and is a new one. lost(): with preemption disabled, before anybody runs: the event channel is gone, its number
	 * may become another's, and the back end knows nothing; shared pages and their grants stay. again(): on the thread that suspends, with the
	 * bus's lock: @dev has its new back end, to which the driver connects as after probe(). NULL: the device is lost for good.
	 */
	void (*lost)(struct xenbus_dev *dev);
	void (*again)(struct xenbus_dev *dev);
	/* Both NULL, or: wait until the driver's own thread is between two steps of the handshake, and hold it there; let it go. */
	void (*hold)(struct xenbus_dev *dev);
	void (*let_go)(struct xenbus_dev *dev);

	char folder[32];
	struct xenstore_watch watch;
	struct list link;
	unsigned changes, changes_seen;
	bool crowded;
};

/*
 * Call probe() for each device of @class in ascending order of ids, and later, on the bus's thread, for those that come. A device whose nodes are
 * malformed is named in the log and left out.
 */
void xenbus_probe(struct xenbus_class *class);

/* Read or write @node of this front end, or read one of its back end. Return as the calls of xenstore.h that have these names. */
int xenbus_read_u64(const struct xenbus_dev *dev, const char *node, uint64_t *value);
int xenbus_printf(const struct xenbus_dev *dev, const char *node, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int xenbus_backend_read(const struct xenbus_dev *dev, const char *node, char **value);
/* The number in the back end's @node, or @missing if there is none or it is no number. */
uint64_t xenbus_backend_u64(const struct xenbus_dev *dev, const char *node, uint64_t missing);

/* Publish this end's state to the back end. Returns as xenstore_write(). */
int xenbus_set_state(struct xenbus_dev *dev, enum xenbus_state state);
enum xenbus_state xenbus_backend_state(const struct xenbus_dev *dev);

#endif
