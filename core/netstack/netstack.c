/* SPDX-License-Identifier: BSD-3-Clause */
/* The stack, its lock and its thread, which sleeps until a frame comes, one can be sent, or a timer of the stack is due. */
#include <core/boot.h>
#include <core/errno.h>
#include <core/kthread.h>
#include <core/log.h>
#include <core/time.h>

#include "internal.h"

const struct netstack_ops *netstack;
struct waitq netstack_changed = WAITQ_INIT(netstack_changed);

static const struct netstack_ops *registered;
static struct mutex stack_lock = MUTEX_INIT(stack_lock);
static struct netstack_settings settings;
static struct waitq no_device = WAITQ_INIT(no_device);
static struct waitq *work; /* the device's queue, if there is a device */
static uint64_t wake_at; /* when the thread looks again: absolute monotonic ns, UINT64_MAX for never */
static bool sooner; /* wake_at has become less while the thread slept */

int netstack_register(const struct netstack_ops *ops)
{
	if (registered)
		return -EBUSY;
	registered = ops;
	return 0;
}

const struct netstack_settings *netstack_settings(void)
{
	return &settings;
}

void netstack_lock(void)
{
	mutex_lock(&stack_lock);
}

/* When run() is due, as an absolute time. */
static uint64_t next_time(void)
{
	uint64_t in = netstack->due(), now = time_monotonic();

	return in > UINT64_MAX - now ? UINT64_MAX : now + in;
}

void netstack_unlock(void)
{
	bool wake = false;

	if (netstack) {
		netstack->run();
		uint64_t next = next_time();

		wake = next < wake_at;
		if (wake) {
			wake_at = next;
			WRITE_ONCE(sooner, true);
		}
	}
	mutex_unlock(&stack_lock);
	if (wake)
		waitq_wake(work, ~0u);
}

void netstack_address_changed(void)
{
	waitq_wake(&netstack_changed, ~0u);
}

static void run(void *arg __unused)
{
	for (;;) {
		uint64_t until;

		mutex_lock(&stack_lock);
		WRITE_ONCE(sooner, false);
		frames_move();
		netstack->run();
		until = wake_at = next_time();
		mutex_unlock(&stack_lock);
		(void)wait_event_full(work, frames_ready() || READ_ONCE(sooner), until == UINT64_MAX ? DEADLINE_NEVER : until,
		                      false);
	}
}

/* The device that the settings name, if they want one. */
static struct net_dev *open_device(void)
{
	int ret;

	if (settings.how == NETSTACK_OFF)
		return NULL;
	ret = frames_open(settings.device);
	if (ret)
		pr_err("ip=: no network device%s: errno %d", settings.device < 0 ? "" : " of that number", -ret);
	return frames_device();
}

int netstack_start(void)
{
	struct net_dev *dev;
	int ret;

	if (!registered)
		return -ENODEV;
	if (netstack_parse(boot_argument("ip"), &settings))
		pr_err("ip=: not an address, dhcp or off: no network");
	dev = open_device();
	work = dev ? &dev->wait : &no_device;
	mutex_lock(&stack_lock);
	ret = registered->start(&settings, dev ? dev->mac : NULL, dev ? dev->mtu : 0);
	if (!ret) {
		netstack = registered;
		wake_at = next_time();
	}
	mutex_unlock(&stack_lock);
	if (!ret && !thread_create("netstack", run, NULL))
		ret = -ENOMEM;
	if (ret)
		netstack = NULL;
	return ret;
}
