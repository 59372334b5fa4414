/* SPDX-License-Identifier: BSD-3-Clause */
#include "services.h"

#include <stdlib.h>

#include "../monitor.h"
#include "relay.h"

/* QEMU's monitor talks to one client at a time. */
static const struct service qmp = { "qmp", "/dev/virtio-ports/org.unidom.qmp", QMP_SOCKET, 1, true };
static const struct service screen = { "screen", "/dev/virtio-ports/org.unidom.screen", "/tmp/screen", TUNNEL_CLIENTS, false };

static struct relay *monitor, *viewers;

static void finish(void)
{
	relay_finish(monitor);
}

int services_start(void)
{
	if (relay_start(&qmp, &monitor) || relay_start(&screen, &viewers))
		return -1;
	if (monitor)
		atexit(finish);
	return 0;
}
