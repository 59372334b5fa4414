/* SPDX-License-Identifier: BSD-3-Clause */
/* Consoles that carry bytes, not text. */
#ifndef XEN_CHANNEL_H
#define XEN_CHANNEL_H

#include <stdbool.h>

bool channel_exists(const char *path);
/* Open the console raw; @mode: O_RDONLY or O_WRONLY. Returns the descriptor, or -1 after a message. */
int channel_open(const char *path, int mode);

#endif
