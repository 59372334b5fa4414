/* SPDX-License-Identifier: BSD-3-Clause */
/* The firmware files that ride inside the image. */
#ifndef FIRMWARE_H
#define FIRMWARE_H

#define FIRMWARE_FOLDER "/usr/share/qemu"

/* Unpack them into the file system. Returns 0, or -1 after a message on standard error. */
int firmware_unpack(void);

#endif
