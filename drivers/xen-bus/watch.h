/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef XEN_BUS_WATCH_H
#define XEN_BUS_WATCH_H

#include "protocol.h"

/* xenstored does not know this domain any more: set all watches again. Thread context. */
void watch_all_again(void);
/* The payload of a watch event, NUL terminated: path NUL token NUL. */
void watch_event(char *data, size_t len);

#endif
