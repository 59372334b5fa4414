/* SPDX-License-Identifier: BSD-3-Clause */
/* What a system call costs that does nothing: ticks of the time-stamp counter for 1000 of them, the least of 20 rounds. */
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>
#include <x86intrin.h>

#define GETPPID 110
#define CALLS 1000
#define ROUNDS 20

static inline long call(long number)
{
	long result;

	__asm__ volatile("syscall" : "=a"(result) : "a"(number) : "rcx", "r11", "memory");
	return result;
}

int main(void)
{
	uint64_t least = UINT64_MAX;

	for (int round = 0; round < ROUNDS; round++) {
		uint64_t before = __rdtsc(), ticks;

		for (int i = 0; i < CALLS; i++)
			call(GETPPID);
		ticks = __rdtsc() - before;
		least = ticks < least ? ticks : least;
	}
	printf("ticks: %lu\n", (unsigned long)least);
	return 0;
}
