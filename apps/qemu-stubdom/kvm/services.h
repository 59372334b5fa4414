/* SPDX-License-Identifier: BSD-3-Clause */
/* What of QEMU the host reaches through ports of the virtio console: its monitor, and its VNC server. */
#ifndef KVM_SERVICES_H
#define KVM_SERVICES_H

/* Start what the host made a port for and QEMU's arguments a socket. Returns 0, or -1 after a message. */
int services_start(void);

#endif
