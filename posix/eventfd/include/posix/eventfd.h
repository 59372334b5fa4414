/* SPDX-License-Identifier: BSD-3-Clause */
/* Event counters for other parts of the kernel. */
#ifndef POSIX_EVENTFD_H
#define POSIX_EVENTFD_H

#include <core/file.h>

/* Is @f an eventfd? */
bool eventfd_is(const struct file *f);
/* Add 1 to the counter of the eventfd @f, which stays at its greatest value when it has reached that. Any context. */
void eventfd_signal(struct file *f);

#endif
