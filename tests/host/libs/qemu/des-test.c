/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * DES against what OpenSSL makes of the same keys and blocks, which were random.
 * hosted: this side of the C library's headers.
 * sources: libs/qemu/glue/des.c
 */
#include "../../../../libs/qemu/glue/des.h"

#include <stdio.h>

static const struct {
	uint64_t key, in, out;
} known[] = {
	{ 0xb4e75425c1e65a4a, 0x2ca0a24142efd5cb, 0xf41aceb9854ec723 },
	{ 0xa20bef8e672ef1a9, 0xab9d8e3eb672b6a2, 0x44a7f52ca7ba83a4 },
	{ 0xac296e589ac85e3e, 0x3e89c507450dfea7, 0x64346620b30d6ba0 },
	{ 0xc0d09c6461ccf6ef, 0x75e1dce9f69ff8b3, 0x46042eae33a86373 },
	{ 0x663feb280d674381, 0x39f60256c8d16380, 0xe6ff8918e3569d57 },
	{ 0xf4ef34f0c918effa, 0x82d37b3986c40741, 0xe02efe18535ac8e2 },
	{ 0x5f914c7ed3281764, 0x0cb813a080f6ab96, 0x2dfcb1fd12b41ff3 },
	{ 0xbdbb7a94b071f552, 0x79559de437f19504, 0xe4488a48d4c5017e },
	{ 0x293e239a86c80b1b, 0x0736c9e7e600ef25, 0xceefff1742a41d50 },
	{ 0x1b189259d78f45be, 0xac69e9c35aad9189, 0x45dfe8a1e24aa4c2 },
	{ 0xf140cce843532c66, 0x6dfd9d90e96391e7, 0x040454071726dc6f },
	{ 0x098aec113b186e3d, 0xce212894cfe38a81, 0x0312d7dda3b536b7 },
};

static void store(uint64_t word, uint8_t bytes[DES_BLOCK])
{
	for (int i = 0; i < DES_BLOCK; i++)
		bytes[i] = word >> (56 - 8 * i);
}

int main(void)
{
	int wrong = 0;

	for (unsigned i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		uint8_t key[DES_BLOCK], block[DES_BLOCK];
		uint64_t out = 0;

		store(known[i].key, key);
		store(known[i].in, block);
		des_encrypt(key, block, block);
		for (int j = 0; j < DES_BLOCK; j++)
			out = out << 8 | block[j];
		if (out != known[i].out) {
			printf("key %u: %016llx, not %016llx\n", i, (unsigned long long)out, (unsigned long long)known[i].out);
			wrong = 1;
		}
	}
	return wrong;
}
