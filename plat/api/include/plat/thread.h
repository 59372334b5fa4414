/* SPDX-License-Identifier: BSD-3-Clause */
/* What a platform does at a thread switch. */
#ifndef PLAT_THREAD_H
#define PLAT_THREAD_H

#include <stdint.h>

/* Load the TLS base (FS) of the thread that runs next. Preemption is disabled. */
void plat_thread_switch(uintptr_t tls_base);

#endif
