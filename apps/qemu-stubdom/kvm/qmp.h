/* SPDX-License-Identifier: BSD-3-Clause */
/* QMP for the host: a port of the virtio console at one end, QEMU's monitor on a unix socket at the other. */
#ifndef KVM_QMP_H
#define KVM_QMP_H

/*
 * If the host made the port and QEMU's arguments the socket: connect them, on a thread of its own, anew for each client of the host. Returns 0,
 * or -1 after a message.
 */
int qmp_serve(void);

#endif
