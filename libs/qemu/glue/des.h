/* SPDX-License-Identifier: BSD-3-Clause */
/* The cipher DES (FIPS 46-3), for the one protocol that leaves no choice: VNC's password is the key of its challenge. It protects nothing. */
#ifndef DES_H
#define DES_H

#include <stdint.h>

#define DES_BLOCK 8 /* bytes */

/* Encrypt the block @in with @key, whose bytes' lowest bits count for nothing, to @out, which may be @in. */
void des_encrypt(const uint8_t key[DES_BLOCK], const uint8_t in[DES_BLOCK], uint8_t out[DES_BLOCK]);

#endif
