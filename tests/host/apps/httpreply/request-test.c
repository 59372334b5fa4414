/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What requests ask for, and that nothing beyond one is read: each is judged in a buffer of exactly its size.
 * hosted: it sees what the C library has.
 * sources: apps/httpreply/request.c
 */
#include "../../../../apps/httpreply/request.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 20000

static enum answer judge(const char *text, size_t size, bool *last)
{
	char *copy = malloc(size ? size : 1);
	enum answer answer;

	assert(copy);
	memcpy(copy, text, size);
	answer = request_answer(copy, size, last);
	free(copy);
	return answer;
}

static const struct {
	const char *text;
	enum answer answer;
	bool last;
} requests[] = {
	{ "GET / HTTP/1.1\r\nHost: a\r\n\r\n", ANSWER_PAGE, false },
	{ "GET /any/path?x=y HTTP/1.1\r\n\r\n", ANSWER_PAGE, false },
	{ "HEAD / HTTP/1.1\r\n\r\n", ANSWER_HEAD, false },
	{ "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", ANSWER_PAGE, true },
	{ "GET / HTTP/1.1\r\nCONNECTION:\tTE , Close \r\n\r\n", ANSWER_PAGE, true },
	{ "GET / HTTP/1.1\r\nConnection: closed\r\n\r\n", ANSWER_PAGE, false },
	{ "GET / HTTP/1.0\r\n\r\n", ANSWER_PAGE, true },
	{ "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", ANSWER_PAGE, false },
	{ "GET / HTTP/1.1\r\nContent-Length: 0\r\n\r\n", ANSWER_PAGE, false },
	{ "GET / HTTP/1.1\r\nContent-Length: 5\r\n\r\n", ANSWER_BAD, true },
	{ "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", ANSWER_BAD, true },
	{ "POST / HTTP/1.1\r\n\r\n", ANSWER_METHOD, true },
	{ "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n", ANSWER_BAD, true },
	{ "GET / HTTP/2.0\r\n\r\n", ANSWER_BAD, true },
	{ "GET /\r\n\r\n", ANSWER_BAD, true },
	{ "GET  / HTTP/1.1\r\n\r\n", ANSWER_BAD, true },
	{ "GET / HTTP/1.1\r\nno field\r\n\r\n", ANSWER_BAD, true },
	{ "GET / HTTP/1.1\r\n: no name\r\n\r\n", ANSWER_BAD, true },
	{ "\r\n\r\n", ANSWER_BAD, true },
};

static void check_list(void)
{
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		size_t size = strlen(requests[i].text);
		bool last;

		assert(request_length(requests[i].text, size) == size);
		for (size_t part = 0; part < size; part++)
			assert(!request_length(requests[i].text, part));
		assert(judge(requests[i].text, size, &last) == requests[i].answer);
		assert(last == requests[i].last);
	}
}

/* Damaged ones: the sanitizer sees what is read. */
static void check_damaged(void)
{
	static const char bytes[] = "\r\n :,\t/09aG\0\xff";
	char text[128];

	srand(1);
	for (int round = 0; round < ROUNDS; round++) {
		const char *from = requests[(size_t)rand() % (sizeof(requests) / sizeof(requests[0]))].text;
		size_t size = strlen(from);
		bool last;

		memcpy(text, from, size);
		for (int i = rand() % 6; i >= 0; i--)
			text[(size_t)rand() % size] = bytes[(size_t)rand() % (sizeof(bytes) - 1)];
		assert(judge(text, size, &last) < ANSWERS);
		assert(request_length(text, size) <= size);
	}
}

int main(void)
{
	check_list();
	check_damaged();
	return 0;
}
