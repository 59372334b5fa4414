/* SPDX-License-Identifier: BSD-3-Clause */
#include "services.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <text-display.h>
#include <unistd.h>

#include "../monitor.h"
#include "port.h"
#include "relay.h"

/* QEMU's monitor talks to one client at a time. */
static const struct service qmp = { "qmp", "/dev/virtio-ports/org.unidom.qmp", QMP_SOCKET, 1, true };
static const struct service screen = { "screen", "/dev/virtio-ports/org.unidom.screen", "/tmp/screen", TUNNEL_CLIENTS, false };

/* The screen as text has one reader, and a protocol of its own. */
#define TEXT_PORT "/dev/virtio-ports/org.unidom.text"

static struct relay *monitor, *viewers;

static void finish(void)
{
	relay_finish(monitor);
}

static int start_text(void)
{
	if (access(TEXT_PORT, F_OK))
		return 0;
	int fd = port_open(TEXT_PORT);

	if (fd < 0) {
		fprintf(stderr, "%s: %s\n", TEXT_PORT, strerror(errno));
		return -1;
	}
	uk_text_display_start(fd);
	return 0;
}

int services_start(void)
{
	if (start_text() || relay_start(&qmp, &monitor) || relay_start(&screen, &viewers))
		return -1;
	if (monitor)
		atexit(finish);
	return 0;
}
