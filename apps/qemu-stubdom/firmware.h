/* SPDX-License-Identifier: BSD-3-Clause */
/* The firmware files that ride inside the image, each packed, and unpacked into the file system when QEMU looks for it. */
#ifndef FIRMWARE_H
#define FIRMWARE_H

#define FIRMWARE_FOLDER "/usr/share/qemu"

/*
 * QEMU's hook (its include/qemu/datadir.h): make @path exist if it names one of the files and nothing is there: what an initial ramdisk brought
 * stays. A failure is one line on standard error, and the file is not there; before firmware_drop() the program ends if memory is what it was for.
 */
void qemu_bring_file(const char *path);

/* The machine is made: remove the files that were brought; QEMU has read them. They come again when they are looked for. */
void firmware_drop(void);

#endif
