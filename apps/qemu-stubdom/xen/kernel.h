/* SPDX-License-Identifier: BSD-3-Clause */
/* The guest's kernel from a disk: Qubes OS passes -append without -kernel, and the files in a file system on the fourth disk. */
#ifndef XEN_KERNEL_H
#define XEN_KERNEL_H

#include <stdbool.h>

#include "vector.h"

/*
 * If @words ask for it (-append and no -kernel) and there is a disk with a kernel, copy /vmlinuz and, if it is there, /initramfs of its file
 * system into the root file system, and append -kernel and -initrd with their names to @words. A disk or files that cannot be read are named on
 * standard error, and nothing is appended. Returns false, after a message, when out of memory for the words.
 */
bool kernel_add(struct vector *words);

/* QEMU has read them: take the copies away. */
void kernel_drop(void);

#endif
