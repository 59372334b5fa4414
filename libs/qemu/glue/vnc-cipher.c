/* SPDX-License-Identifier: BSD-3-Clause */
/* The VNC server's way to DES, which QEMU's own ciphers lack: ui/vnc.c is compiled with these names in place of qcrypto_cipher_...() */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wsign-compare"
#include "qemu/osdep.h"
#include "crypto/cipher.h"
#include "qapi/error.h"
#pragma GCC diagnostic pop

#include "des.h"
#include "vnc-cipher.h"

struct vnc_cipher {
	QCryptoCipher base;
	uint8_t key[DES_BLOCK];
};

bool vnc_cipher_supports(QCryptoCipherAlgo algorithm, QCryptoCipherMode mode)
{
	return algorithm == QCRYPTO_CIPHER_ALGO_DES && mode == QCRYPTO_CIPHER_MODE_ECB;
}

QCryptoCipher *vnc_cipher_new(QCryptoCipherAlgo algorithm, QCryptoCipherMode mode, const uint8_t *key, size_t length,
                              Error **errp)
{
	if (!vnc_cipher_supports(algorithm, mode) || length != DES_BLOCK) {
		error_setg(errp, "VNC has DES alone, with keys of %d bytes", DES_BLOCK);
		return NULL;
	}
	struct vnc_cipher *c = g_new0(struct vnc_cipher, 1);

	memcpy(c->key, key, sizeof(c->key));
	return &c->base;
}

int vnc_cipher_encrypt(QCryptoCipher *cipher, const void *in, void *out, size_t length, Error **errp)
{
	const struct vnc_cipher *c = container_of(cipher, struct vnc_cipher, base);

	if (length % DES_BLOCK) {
		error_setg(errp, "%zu bytes are not whole blocks of DES", length);
		return -1;
	}
	for (size_t at = 0; at < length; at += DES_BLOCK)
		des_encrypt(c->key, (const uint8_t *)in + at, (uint8_t *)out + at);
	return 0;
}

void vnc_cipher_free(QCryptoCipher *cipher)
{
	if (cipher)
		g_free(container_of(cipher, struct vnc_cipher, base));
}
