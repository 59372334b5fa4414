/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the toolstack asks of a domain by the nodes of control/ (docs/misc/xenstore-paths.pandoc of Xen). It writes a request, waits until the node
 * is empty, which is the answer, and then for the domain to do it.
 */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/init.h>
#include <core/kthread.h>
#include <core/log.h>
#include <core/string.h>
#include <drivers/xenstore.h>
#include <plat/plat.h>
#include <plat/xen.h>
#include <plat/xen_suspend.h>

#define SHUTDOWN "control/shutdown"
#define SYSRQ "control/sysrq"

static struct waitq changed = WAITQ_INIT(changed);
static unsigned changes;

static void on_change(struct xenstore_watch *w __unused, const char *path __unused)
{
	__atomic_add_fetch(&changes, 1, __ATOMIC_RELAXED);
	waitq_wake(&changed, ~0u);
}

/* The request in @node, "" if there is none, is taken. Returns it, to be kfree()d, or NULL. */
static char *take_request(const char *node)
{
	char *request;

	if (xenstore_read(XST_NONE, node, &request, NULL))
		return NULL;
	int ret = request[0] ? xenstore_write(XST_NONE, node, "", 0) : 0;

	if (ret)
		pr_err("%s: \"%s\" is not answered: errno %d", node, request, -ret);
	if (!ret && request[0])
		return request;
	kfree(request);
	return NULL;
}

static void suspend(void)
{
	int ret = xen_suspend();

	if (ret >= 0)
		pr_info("suspended, and %s", ret ? "on it goes" : "restored");
}

static void power_off(void)
{
	plat_shutdown(0);
}

static void obey(const char *request)
{
	static const struct {
		const char *name;
		void (*act)(void);
	} known[] = {
		{ "suspend", suspend },
		{ "poweroff", power_off },
		{ "halt", power_off },
		{ "reboot", xen_reboot },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(known); i++) {
		if (strcmp(known[i].name, request))
			continue;
		pr_info(SHUTDOWN ": the toolstack asks for \"%s\"", request);
		known[i].act();
		return;
	}
	pr_warn(SHUTDOWN ": \"%s\" is nothing that can be done here", request);
}

static void look(void)
{
	char *key = take_request(SYSRQ), *request = take_request(SHUTDOWN);

	if (key)
		pr_warn(SYSRQ ": there are no keys here; \"%s\" is ignored", key);
	if (request)
		obey(request);
	kfree(key);
	kfree(request);
}

static void control_thread(void *arg __unused)
{
	for (;;) {
		unsigned seen = READ_ONCE(changes);

		look();
		wait_event(&changed, READ_ONCE(changes) != seen);
	}
}

static int watch(struct xenstore_watch *w, const char *path)
{
	*w = (struct xenstore_watch){ .path = path, .fn = on_change };
	return xenstore_watch(w);
}

/* Toolstacks that ask before look at these; one that does not let them be written does not. */
static void advertise(void)
{
	static const char *const nodes[] = { "control/feature-poweroff", "control/feature-reboot", "control/feature-suspend" };

	for (unsigned i = 0; i < ARRAY_SIZE(nodes); i++)
		xenstore_write(XST_NONE, nodes[i], "1", 1);
}

static int xen_control_init(void)
{
	static struct xenstore_watch shutdown, sysrq;
	int ret = watch(&shutdown, SHUTDOWN);

	if (ret)
		return ret == -ENODEV ? 0 : ret; /* dom0 kernels have no xenstore */
	watch(&sysrq, SYSRQ);
	advertise();
	return thread_create("xen-control", control_thread, NULL) ? 0 : -ENOMEM;
}
INITCALL(INIT_FILES, xen_control_init);
