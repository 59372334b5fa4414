/* SPDX-License-Identifier: BSD-3-Clause */
/* Random bytes: a ChaCha20 generator, seeded from the CPU, the clock and whatever drivers add. */
#ifndef CORE_RANDOM_H
#define CORE_RANDOM_H

#include <core/base.h>

/* Fill @buf with @n unpredictable bytes. Any context. */
void random_bytes(void *buf, size_t n);
/* Mix @n bytes into the state; they never make it worse. Any context. */
void random_add_entropy(const void *buf, size_t n);
/* Was there ever a real source (CPU instruction or device)? */
bool random_is_seeded(void);

#endif
