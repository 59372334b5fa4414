/* SPDX-License-Identifier: BSD-3-Clause */
/* Taking an input apart. The types of <stdint.h> and <stddef.h>, or the kernel's, are there already. */
#ifndef TESTS_FUZZ_INPUT_H
#define TESTS_FUZZ_INPUT_H

/* The target's entry, by the name that libFuzzer gives it; replay.c calls it for each file of the corpus. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is left of an input. Behind its end all bytes are 0. */
struct input {
	const uint8_t *at;
	size_t left;
};

static inline uint8_t take8(struct input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->at++;
}

static inline uint16_t take16(struct input *in)
{
	uint16_t low = take8(in);

	return low | take8(in) << 8;
}

static inline uint32_t take32(struct input *in)
{
	uint32_t low = take16(in);

	return low | (uint32_t)take16(in) << 16;
}

/* Take at most @n bytes into @out. Returns how many there were. */
static inline size_t take_bytes(struct input *in, void *out, size_t n)
{
	size_t i;

	for (i = 0; i < n && in->left; i++)
		((uint8_t *)out)[i] = take8(in);
	return i;
}

#endif
