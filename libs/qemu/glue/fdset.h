/* SPDX-License-Identifier: BSD-3-Clause */
/* Files for QEMU's block layer from outside of it, which it opens as /dev/fdset/N. */
#ifndef QEMU_GLUE_FDSET_H
#define QEMU_GLUE_FDSET_H

#include <stdbool.h>

/*
 * Let the descriptors that are in sets under the name @opaque go, and put @fd, which QEMU owns from now on, into a set of its own under that name;
 * with -1, none. Any thread, with or without QEMU's big lock. Returns false, after a message on standard error; then @fd stays the caller's.
 */
bool uk_fdset_replace(const char *opaque, int fd);

#endif
