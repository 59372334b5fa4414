/* SPDX-License-Identifier: BSD-3-Clause */
/* As QEMU's functions of the same names behind qcrypto_ (its include/crypto/cipher.h), for DES in ECB mode alone. */
#ifndef VNC_CIPHER_H
#define VNC_CIPHER_H

/* True for DES in ECB mode. */
bool vnc_cipher_supports(QCryptoCipherAlgo algorithm, QCryptoCipherMode mode);
/* Returns a cipher for vnc_cipher_free(), or NULL with *@errp set. @key has @length bytes, which are copied. */
QCryptoCipher *vnc_cipher_new(QCryptoCipherAlgo algorithm, QCryptoCipherMode mode, const uint8_t *key, size_t length,
                              Error **errp);
/* Encrypt @length bytes, whole blocks of 8. Returns 0, or -1 with *@errp set. */
int vnc_cipher_encrypt(QCryptoCipher *cipher, const void *in, void *out, size_t length, Error **errp);
/* @cipher may be NULL. */
void vnc_cipher_free(QCryptoCipher *cipher);

#endif
