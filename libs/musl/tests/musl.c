/* SPDX-License-Identifier: BSD-3-Clause */
/* The C library without threads: what depends on the glue, and a sample of the rest. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <iconv.h>
#include <locale.h>
#include <malloc.h>
#include <math.h>
#include <regex.h>
#include <setjmp.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>
#include "lib-test.h"

LIB_TEST("musl: formatted input and output", formats)
{
	char text[128];
	double d;
	int n;

	CHECK(setlocale(LC_ALL, "C.UTF-8"));
	snprintf(text, sizeof(text), "%5d|%-6s|%#lx|%.3f|%La|%ls", -42, "ab", 0xfeedUL, M_PI, 1.0L, L"\u20ac");
	CHECK(!strcmp(text, "  -42|ab    |0xfeed|3.142|0x1p+0|\xe2\x82\xac"));
	CHECK(setlocale(LC_ALL, "C"));
	CHECK(sscanf("17 2.5e3", "%d %lf", &n, &d) == 2 && n == 17 && d == 2500);
	CHECK(strtod("0x1.8p1", NULL) == 3 && strtoul("777", NULL, 8) == 511);
	return true;
}

/* Ours is in place of vasprintf(): lengths about that of its room, an empty text, and a format that is none. */
LIB_TEST("musl: formatted text of any length, allocated", allocated_text)
{
	static const int lengths[] = { 0, 1, 126, 127, 128, 129, 4000 };
	char *text;

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		CHECK(asprintf(&text, "%*s", lengths[i], "") == lengths[i]);
		CHECK(strlen(text) == (size_t)lengths[i] && strspn(text, " ") == (size_t)lengths[i]);
		free(text);
		CHECK(asprintf(&text, "%0*d|%s|%.2f", lengths[i], 7, "end", 0.5) == (lengths[i] > 1 ? lengths[i] : 1) + 9);
		CHECK(!strcmp(text + strlen(text) - 10, "7|end|0.50"));
		free(text);
	}
	errno = 0;
	CHECK(asprintf(&text, "%lc", (wint_t)0xd800) == -1 && errno == EILSEQ);
	return true;
}

LIB_TEST("musl: a stream in memory", memory_stream)
{
	char *text = NULL;
	size_t length = 0;
	FILE *f = open_memstream(&text, &length);

	CHECK(f);
	for (int i = 0; i < 1000; i++)
		fprintf(f, "%d,", i);
	CHECK(!fclose(f));
	CHECK(length == 3890 && !strncmp(text, "0,1,2,", 6) && !strcmp(text + length - 8, "998,999,"));
	free(text);
	return true;
}

LIB_TEST("musl: malloc", allocate)
{
	static unsigned char *block[512];
	unsigned seed = 1;

	for (int round = 0; round < 20000; round++) {
		int i = rand_r(&seed) % 512;
		size_t size = 1 + rand_r(&seed) % (rand_r(&seed) % 16 ? 2000 : 300000);

		if (block[i])
			CHECK(block[i][0] == (unsigned char)i);
		block[i] = realloc(block[i], size);
		CHECK(block[i]);
		block[i][0] = (unsigned char)i;
		block[i][size - 1] = (unsigned char)i;
	}
	for (int i = 0; i < 512; i++) {
		CHECK(!block[i] || block[i][0] == (unsigned char)i);
		free(block[i]);
		block[i] = NULL;
	}
	CHECK((uintptr_t)(block[0] = aligned_alloc(65536, 65536)) % 65536 == 0);
	free(block[0]);
	return true;
}

/* Small blocks that are freed are kept for others of about their size: each is one's own, whatever was there before. */
LIB_TEST("musl: small blocks", small_blocks)
{
	static unsigned char *block[40];

	for (size_t size = 0; size < 600; size++) {
		for (size_t i = 0; i < 40; i++) {
			CHECK((block[i] = malloc(size + i % 3)) && malloc_usable_size(block[i]) == size + i % 3);
			memset(block[i], (int)i, size + i % 3);
		}
		for (size_t i = 0; i < 40; i++) {
			for (size_t at = 0; at < size + i % 3; at++)
				CHECK(block[i][at] == i);
			if (i % 4)
				free(block[i]);
		}
		for (size_t i = 0; i < 40; i += 4) {
			CHECK((block[i] = realloc(block[i], size + 20)));
			for (size_t at = 0; at < size + i % 3; at++)
				CHECK(block[i][at] == i);
			free(block[i]);
		}
	}
	return true;
}

static int descending(const void *a, const void *b)
{
	return *(const int *)b - *(const int *)a;
}

LIB_TEST("musl: sorting and searching", sorting)
{
	int value[1000], key = 123;

	for (int i = 0; i < 1000; i++)
		value[i] = i * 7919 % 1000;
	qsort(value, 1000, sizeof(*value), descending);
	for (int i = 0; i < 1000; i++)
		CHECK(value[i] == 999 - i);
	CHECK(bsearch(&key, value, 1000, sizeof(*value), descending) == &value[999 - 123]);
	return true;
}

LIB_TEST("musl: setjmp", jumps)
{
	static sigjmp_buf where;
	volatile int count = 0;
	int got = sigsetjmp(where, 1);

	CHECK(got == count);
	if (count < 3) {
		count++;
		siglongjmp(where, count);
	}
	CHECK(count == 3);
	return true;
}

LIB_TEST("musl: mathematics", mathematics)
{
	volatile double x = 0.5;
	volatile long double l = 2;

	CHECK(fabs(sin(x) * sin(x) + cos(x) * cos(x) - 1) < 1e-15);
	CHECK(fabs(exp(log(x)) - x) < 1e-15);
	CHECK(sqrt(2 * x) == 1 && floor(-x) == -1 && lrint(2.5 + x) == 3);
	CHECK(fabsl(expl(logl(l)) - 2) < 1e-17L && fmodl(l, 1.5L) == 0.5L);
	return true;
}

LIB_TEST("musl: regular expressions", regular_expressions)
{
	regmatch_t match[2];
	regex_t regex;

	CHECK(!regcomp(&regex, "([0-9]+)[a-z]*$", REG_EXTENDED));
	CHECK(!regexec(&regex, "abc 1234xyz", 2, match, 0));
	CHECK(match[1].rm_so == 4 && match[1].rm_eo == 8);
	regfree(&regex);
	return true;
}

LIB_TEST("musl: character sets", character_sets)
{
	char in[] = "\xe2\x82\xac\xf0\x9f\x98\x80", *from = in;
	unsigned char out[16];
	char *to = (char *)out;
	size_t from_left = sizeof(in) - 1, to_left = sizeof(out);
	iconv_t cd = iconv_open("UTF-16BE", "UTF-8");

	CHECK(cd != (iconv_t)-1);
	CHECK(iconv(cd, &from, &from_left, &to, &to_left) == 0 && to_left == 10);
	CHECK(!memcmp(out, "\x20\xac\xd8\x3d\xde\x00", 6));
	iconv_close(cd);
	from = "\xa4\xa2"; /* hiragana a */
	from_left = 2;
	to = (char *)out;
	to_left = sizeof(out);
	cd = iconv_open("UTF-16BE", "EUC-JP");
#ifdef CONFIG_LIBMUSL_ICONV_CJK
	CHECK(cd != (iconv_t)-1);
	CHECK(iconv(cd, &from, &from_left, &to, &to_left) == 0 && !memcmp(out, "\x30\x42", 2));
	iconv_close(cd);
#else
	CHECK(cd == (iconv_t)-1 && errno == EINVAL);
#endif
	CHECK(setlocale(LC_ALL, "C.UTF-8"));
	CHECK(mbstowcs(NULL, in, 0) == 2);
	return true;
}

LIB_TEST("musl: time", clocks)
{
	struct timespec a, b, pause = { .tv_nsec = 20000000 };
	struct tm tm = { .tm_year = 124, .tm_mon = 1, .tm_mday = 30 };
	char text[32];
	long took;

	CHECK(timegm(&tm) == 1709251200 && tm.tm_mon == 2 && tm.tm_mday == 1);
	strftime(text, sizeof(text), "%F %a %j", &tm);
	CHECK(!strcmp(text, "2024-03-01 Fri 061"));
	CHECK(!clock_gettime(CLOCK_MONOTONIC, &a) && !nanosleep(&pause, NULL) && !clock_gettime(CLOCK_MONOTONIC, &b));
	took = (b.tv_sec - a.tv_sec) * 1000000000L + b.tv_nsec - a.tv_nsec;
	CHECK(took >= 20000000 && took < 10000000000L);
	return true;
}

LIB_TEST("musl: the auxiliary vector", auxiliary_vector)
{
	unsigned char *random = (unsigned char *)getauxval(AT_RANDOM);
	int zeroes = 0;

	CHECK(getauxval(AT_PAGESZ) == 4096 && sysconf(_SC_PAGESIZE) == 4096);
	CHECK(!getauxval(AT_SECURE) && random);
	for (int i = 0; i < 16; i++)
		zeroes += !random[i];
	CHECK(zeroes < 8);
	return true;
}

LIB_TEST("musl: one process", one_process)
{
	char *argv[] = { "true", NULL };
	pid_t child;

	CHECK(fork() == -1 && errno == ENOSYS);
	CHECK(vfork() == -1 && errno == ENOSYS);
	CHECK(posix_spawn(&child, "/bin/true", NULL, NULL, argv, NULL) == ENOSYS);
	CHECK(system("true") == -1);
	return true;
}

LIB_TEST("musl: nothing to load", nothing_to_load)
{
	CHECK(!dlopen("libz.so", RTLD_NOW));
	CHECK(dlerror());
	return true;
}

LIB_TEST("musl: system calls by number", by_number)
{
	volatile long getpid_number = SYS_getpid, unknown = 100000;

	CHECK(syscall(getpid_number) == getpid());
	CHECK(syscall(unknown) == -1 && errno == ENOSYS);
	return true;
}
