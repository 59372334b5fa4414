/* SPDX-License-Identifier: BSD-3-Clause */
/* Compiled once for each enabled width of code unit. */
#include <pcre2.h>
#include <string.h>
#include "lib-test.h"

#define STRING_(x) #x
#define STRING(x) STRING_(x)
#define TITLE(what) "pcre2: " STRING(PCRE2_CODE_UNIT_WIDTH) "-bit " what

/* ASCII or code points below U+10000, widened to code units of this width. */
static size_t widen(PCRE2_UCHAR *to, const char *from)
{
	size_t n = 0;

	for (; from[n]; n++)
		to[n] = (PCRE2_UCHAR)(unsigned char)from[n];
	to[n] = 0;
	return n;
}

static pcre2_code *compile(const char *pattern, uint32_t options)
{
	PCRE2_UCHAR text[200];
	PCRE2_SIZE where;
	int error;

	return pcre2_compile(text, widen(text, pattern), options, &error, &where, NULL);
}

static int match(pcre2_code *code, pcre2_match_data *data, const char *subject)
{
	PCRE2_UCHAR text[200];

	return pcre2_match(code, text, widen(text, subject), 0, 0, data, NULL);
}

LIB_TEST(TITLE("match"), matching)
{
	pcre2_code *code = compile("(?<year>\\d{4})-(\\d\\d)(?=-)", 0);
	pcre2_match_data *data;
	PCRE2_SIZE *at;

	CHECK(code);
	data = pcre2_match_data_create_from_pattern(code, NULL);
	CHECK(match(code, data, "on 2024-03-01.") == 3);
	at = pcre2_get_ovector_pointer(data);
	CHECK(at[0] == 3 && at[1] == 10 && at[2] == 3 && at[3] == 7 && at[4] == 8 && at[5] == 10);
	CHECK(match(code, data, "no date") == PCRE2_ERROR_NOMATCH);
	pcre2_match_data_free(data);
	pcre2_code_free(code);
	CHECK(!compile("(unclosed", 0));
	return true;
}

LIB_TEST(TITLE("substitute"), substitution)
{
	pcre2_code *code = compile("(\\w+) (\\w+)", 0);
	PCRE2_UCHAR subject[32], replacement[32], expected[32], out[64];
	PCRE2_SIZE length = 64;

	CHECK(code);
	CHECK(pcre2_substitute(code, subject, widen(subject, "hello world"), 0, 0, NULL, NULL, replacement,
	                       widen(replacement, "$2 $1"), out, &length) == 1);
	CHECK(length == 11 && widen(expected, "world hello") == 11);
	CHECK(!memcmp(out, expected, 12 * sizeof(*out)));
	pcre2_code_free(code);
	return true;
}

#ifdef CONFIG_LIBPCRE2_UNICODE
LIB_TEST(TITLE("Unicode properties"), unicode)
{
#if PCRE2_CODE_UNIT_WIDTH == 8
	static const PCRE2_UCHAR subject[] = { 'x', 0xce, 0xa9, 0xf0, 0x9f, 0x98, 0x80 };
	const PCRE2_SIZE start = 1, end = 3, last = 7;
#elif PCRE2_CODE_UNIT_WIDTH == 16
	static const PCRE2_UCHAR subject[] = { 'x', 0x3a9, 0xd83d, 0xde00 };
	const PCRE2_SIZE start = 1, end = 2, last = 4;
#else
	static const PCRE2_UCHAR subject[] = { 'x', 0x3a9, 0x1f600 };
	const PCRE2_SIZE start = 1, end = 2, last = 3;
#endif
	pcre2_code *code = compile("(\\p{Greek})(\\p{So})", PCRE2_UTF | PCRE2_UCP);
	pcre2_match_data *data;
	PCRE2_SIZE *at;

	CHECK(code);
	data = pcre2_match_data_create_from_pattern(code, NULL);
	CHECK(pcre2_match(code, subject, sizeof(subject) / sizeof(*subject), 0, 0, data, NULL) == 3);
	at = pcre2_get_ovector_pointer(data);
	CHECK(at[2] == start && at[3] == end && at[5] == last);
	pcre2_match_data_free(data);
	pcre2_code_free(code);
	return true;
}
#endif

#ifdef CONFIG_LIBPCRE2_JIT
LIB_TEST(TITLE("just-in-time code"), just_in_time)
{
	pcre2_code *code = compile("^(a+)*b\\1$", 0);
	PCRE2_UCHAR text[64];
	pcre2_match_data *data;
	size_t size;

	CHECK(code);
	CHECK(pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) == 0);
	CHECK(pcre2_pattern_info(code, PCRE2_INFO_JITSIZE, &size) == 0 && size > 0);
	data = pcre2_match_data_create_from_pattern(code, NULL);
	CHECK(pcre2_jit_match(code, text, widen(text, "aaabaaa"), 0, 0, data, NULL) == 2);
	CHECK(pcre2_jit_match(code, text, widen(text, "aaabc"), 0, 0, data, NULL) == PCRE2_ERROR_NOMATCH);
	pcre2_match_data_free(data);
	pcre2_code_free(code);
	return true;
}
#endif
