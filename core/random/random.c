/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ChaCha20 (RFC 8439, section 2.3) with fast key erasure: each request makes one key-stream block whose first half becomes
 * the next key, so that what was given out cannot be computed from a later state.
 */
#include <core/random.h>

#include <core/init.h>
#include <core/log.h>
#include <core/sched.h>
#include <core/string.h>
#include <plat/plat.h>

#include "jitter.h"

static uint32_t key[8];
static uint64_t counter;
static bool started;
static unsigned credited; /* bits, up to RANDOM_SEED_BITS */
static struct spinlock key_lock = SPINLOCK_INIT("random: key");

static uint32_t rotl(uint32_t v, int n)
{
	return v << n | v >> (32 - n);
}

static __always_inline void quarter_round(uint32_t *s, int a, int b, int c, int d)
{
	s[a] += s[b];
	s[d] = rotl(s[d] ^ s[a], 16);
	s[c] += s[d];
	s[b] = rotl(s[b] ^ s[c], 12);
	s[a] += s[b];
	s[d] = rotl(s[d] ^ s[a], 8);
	s[c] += s[d];
	s[b] = rotl(s[b] ^ s[c], 7);
}

static void next_block(uint32_t out[16])
{
	uint32_t in[16] = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 };

	memcpy(in + 4, key, sizeof(key));
	memcpy(in + 12, &counter, sizeof(counter));
	counter++;
	memcpy(out, in, sizeof(in));
	for (int i = 0; i < 10; i++) {
		for (int j = 0; j < 4; j++)
			quarter_round(out, j, 4 + j, 8 + j, 12 + j);
		for (unsigned j = 0; j < 4; j++)
			quarter_round(out, j, 4 + (j + 1) % 4, 8 + (j + 2) % 4, 12 + (j + 3) % 4);
	}
	for (int i = 0; i < 16; i++)
		out[i] += in[i];
	memcpy(key, out, sizeof(key));
}

static void mix(const void *buf, size_t n)
{
	const uint8_t *p = buf;
	uint8_t *k = (uint8_t *)key;
	uint32_t block[16];

	while (n) {
		size_t take = MIN(n, sizeof(key));

		for (size_t i = 0; i < take; i++)
			k[i] ^= p[i];
		next_block(block);
		p += take;
		n -= take;
	}
}

/* key_lock is held. */
static void credit(size_t n, unsigned bits)
{
	credited += MIN(MIN(n, (size_t)RANDOM_SEED_BITS) * 8, (size_t)bits);
	credited = MIN(credited, RANDOM_SEED_BITS);
}

void random_add_entropy(const void *buf, size_t n)
{
	random_seed(buf, n, 0);
}

void random_seed(const void *buf, size_t n, unsigned bits)
{
	const char *p = buf;
	char piece[sizeof(key)];

	for (size_t at = 0, take; at < n; at += take) {
		take = MIN(n - at, sizeof(piece));
		memcpy(piece, p + at, take); /* @buf may take page faults, and may be large */
		spin_lock(&key_lock);
		mix(piece, take);
		spin_unlock(&key_lock);
	}
	memset(piece, 0, sizeof(piece));
	spin_lock(&key_lock);
	credit(n, bits);
	spin_unlock(&key_lock);
}

bool random_is_seeded(void)
{
	return READ_ONCE(credited) == RANDOM_SEED_BITS;
}

/* What every machine has, good or bad. key_lock is held. */
static void start(void)
{
	uint64_t now[2] = { plat_clock_monotonic(), plat_clock_wall_at_boot() }, word;

	started = true;
	mix(now, sizeof(now));
	for (int i = 0; i < 4; i++) {
		if (!plat_random(&word))
			break;
		mix(&word, sizeof(word));
		credit(sizeof(word), 64);
	}
	if (credited < RANDOM_SEED_BITS) {
		struct jitter j;

		jitter_collect(&j);
		mix(&j.hash, sizeof(j.hash));
		credited = MIN(credited + j.bits, RANDOM_SEED_BITS);
	}
}

static void start_once(void)
{
	spin_lock(&key_lock);
	if (!started)
		start();
	spin_unlock(&key_lock);
}

/* By now drivers have given what they had. */
static int random_seeded_init(void)
{
	start_once();
	if (!random_is_seeded())
		pr_warn("random: no RDRAND, no virtio-rng, and a clock without jitter: random numbers can be predicted");
	return 0;
}
INITCALL(INIT_PROCESS, random_seeded_init);

void random_bytes(void *buf, size_t n)
{
	uint64_t now = plat_clock_monotonic();
	uint32_t block[16];
	char *p = buf;

	spin_lock(&key_lock);
	if (!started)
		start();
	mix(&now, sizeof(now));
	while (n) {
		size_t take = MIN(n, sizeof(block) / 2);

		next_block(block);
		spin_unlock(&key_lock); /* @buf may take page faults, and may be large */
		memcpy(p, block + 8, take);
		spin_lock(&key_lock);
		p += take;
		n -= take;
	}
	spin_unlock(&key_lock);
	memset(block, 0, sizeof(block));
}
