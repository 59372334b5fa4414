/* SPDX-License-Identifier: BSD-3-Clause */
/* What a request of HTTP/1.0 or 1.1 (RFC 9112) asks for, as far as a server with one page cares. Pure code: tests/host runs it too. */
#ifndef HTTPREPLY_REQUEST_H
#define HTTPREPLY_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

enum answer {
	ANSWER_PAGE,
	ANSWER_HEAD, /* the page's header alone */
	ANSWER_BAD, /* 400: not a request, or one with a body */
	ANSWER_METHOD, /* 405: neither GET nor HEAD */
	ANSWER_LARGE, /* 431: the header does not fit into the buffer */
	ANSWERS
};

/*
 * Length of the request's header at the start of the @size bytes at @text, with the empty line that ends it; 0 if that has not arrived.
 */
size_t request_length(const char *text, size_t size);

/*
 * The answer to the request header of @size bytes at @text, which request_length() found. *@last: the connection ends after it, because the
 * client wants that or because what follows cannot be told from a request.
 */
enum answer request_answer(const char *text, size_t size, bool *last);

#endif
