/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Random bytes: a ChaCha20 generator, seeded from the CPU, devices, and the jitter of the clock where there is nothing else. What comes out is
 * unpredictable once RANDOM_SEED_BITS have been credited. Nothing here waits for that: one line in the log, when all initialisers have run, says
 * that it did not happen.
 */
#ifndef CORE_RANDOM_H
#define CORE_RANDOM_H

#include <core/base.h>

#define RANDOM_SEED_BITS 128u

/* Fill @buf with @n bytes. Any context. */
void random_bytes(void *buf, size_t n);
/* Mix @n bytes into the state; they never make it worse, and do not count as seed: a program may write anything. Any context. */
void random_add_entropy(const void *buf, size_t n);
/*
 * Mix @n bytes from a source of randomness into the state: a device, or somebody who can be trusted with it. @bits: how many bits of what they
 * hold an attacker cannot know, at most 8 a byte are counted. Any context.
 */
void random_seed(const void *buf, size_t n, unsigned bits);
/* Have RANDOM_SEED_BITS been credited? Any context. */
bool random_is_seeded(void);

#endif
