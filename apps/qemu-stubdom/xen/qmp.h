/* SPDX-License-Identifier: BSD-3-Clause */
/* QMP for the toolstack: a vchan at one end, QEMU's monitor on a unix socket at the other. */
#ifndef XEN_QMP_H
#define XEN_QMP_H

/*
 * Serve, on a thread of its own, the vchan that libxl expects of stubdomain @self of guest @target. Each client gets a connection of its own
 * to the monitor, and so a greeting, also one that is announced within a channel (Qubes OS). Before qemu_init():
 * clients come when QEMU has told the toolstack that it runs. Returns 0, or -1 after a message.
 */
int qmp_serve(unsigned self, unsigned target);

#endif
