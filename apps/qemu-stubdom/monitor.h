/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * QEMU's monitor on a unix socket in the image. It talks to one client at a time and greets each connection: who relays clients from outside
 * makes a connection for each.
 */
#ifndef MONITOR_H
#define MONITOR_H

#define QMP_SOCKET "/tmp/qmp"

/* Connect to the unix socket @path, shorter than a socket's name may be. Returns a descriptor, or -1 with errno. */
int local_connect(const char *path);
/* The same for the monitor's. */
int monitor_connect(void);

#endif
