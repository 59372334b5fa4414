/* SPDX-License-Identifier: BSD-3-Clause */
/* Ports of the virtio console that lead to the runner. */
#ifndef QEMU_STUBDOM_PORT_H
#define QEMU_STUBDOM_PORT_H

/* Open the port at @path for both ways, raw and non-blocking; what is written waits for a listener. Returns a descriptor, or -1 with errno. */
int port_open(const char *path);

#endif
