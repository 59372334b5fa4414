/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The kernel's memory functions against byte loops, at all small lengths and alignments, with guards around.
 * sources: tests/host/stubs/alloc.c tests/host/stubs/sched.c
 */
#define memcpy k_memcpy
#define memmove k_memmove
#define memset k_memset
#define memcmp k_memcmp
#define memchr k_memchr
#define strlen k_strlen
#define strnlen k_strnlen
#define strcmp k_strcmp
#define strncmp k_strncmp
#define strchr k_strchr
#define strrchr k_strrchr
#define strstr k_strstr
#include "../../../../core/base/string.c"

#include "../../host.h"
#include "../../memory.h"

int main(void)
{
	srand(4);
	for (size_t n = 0; n < 300; n++) {
		for (unsigned a = 0; a < 9; a++) {
			test_copy(a, rand() % 9, n);
			test_set(a, n);
			test_move(a, rand() % 40, n);
			test_move(rand() % 40, a, n);
		}
	}
	return 0;
}
