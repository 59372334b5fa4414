/* SPDX-License-Identifier: BSD-3-Clause */
/* The stack's start, and what a program finds then: an address, and name servers in /etc/resolv.conf. */
#include <core/init.h>
#include <core/log.h>
#include <core/string.h>
#include <core/vfs.h>

#include "inet.h"

#define CONFIGURE_MAX (15 * NSEC_PER_SEC) /* how long the boot waits for DHCP; it goes on trying afterwards */

static int inet_start(void)
{
	int ret = netstack_start();

	return ret == -ENODEV ? 0 : ret;
}
INITCALL(INIT_FILES, inet_start);

static bool configured(void)
{
	netstack_lock();
	bool done = netstack->configured();

	netstack_unlock();
	return done;
}

static void show(void)
{
	struct netstack_interface in;

	netstack_lock();
	bool there = netstack->interface(1, &in);

	netstack_unlock();
	if (there)
		pr_info("%s: %u.%u.%u.%u", in.name, in.address[0], in.address[1], in.address[2], in.address[3]);
}

/* Those of the argument, or else those that the network has named. */
static unsigned name_servers(uint8_t (*out)[4])
{
	static const uint8_t none[4];
	const struct netstack_settings *settings = netstack_settings();
	unsigned n = 0;

	for (unsigned i = 0; i < NETSTACK_DNS; i++)
		if (memcmp(settings->dns[i], none, 4))
			memcpy(out[n++], settings->dns[i], 4);
	if (n)
		return n;
	netstack_lock();
	n = netstack->dns(out, NETSTACK_DNS);
	netstack_unlock();
	return n;
}

static int write_file(const char *path, char *text)
{
	struct iovec vec;
	struct iov_iter it;
	struct file *f;
	int ret = vfs_open(NULL, path, O_CREAT | O_EXCL | O_WRONLY, 0644, &f);

	if (ret)
		return ret == -EEXIST ? 0 : ret; /* the initial ramdisk's */
	iov_single(&it, &vec, text, strlen(text));
	ssize_t n = file_write(f, &it, NULL);

	file_put(f);
	return n < 0 ? (int)n : 0;
}

static int inet_configure(void)
{
	uint8_t servers[NETSTACK_DNS][4];
	char text[NETSTACK_DNS * 32] = "";
	unsigned n;
	int at = 0;

	if (!netstack || netstack_settings()->how == NETSTACK_OFF)
		return 0;
	if (wait_event_full(&netstack_changed, configured(), deadline_after(time_monotonic(), CONFIGURE_MAX), false))
		pr_err("ip=dhcp: no answer yet; the program starts without an address");
	show();
	n = name_servers(servers);
	for (unsigned i = 0; i < n; i++) {
		const uint8_t *a = servers[i];

		at += snprintf(text + at, sizeof(text) - (size_t)at, "nameserver %u.%u.%u.%u\n", a[0], a[1], a[2], a[3]);
	}
	return n ? write_file("/etc/resolv.conf", text) : 0;
}
INITCALL(INIT_PROCESS, inet_configure);
