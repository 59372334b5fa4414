/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "request.h"

#include <string.h>
#include <strings.h>

struct span {
	const char *at;
	size_t size;
};

size_t request_length(const char *text, size_t size)
{
	const char *end = memmem(text, size, "\r\n\r\n", 4);

	return end ? (size_t)(end - text) + 4 : 0;
}

/* Take what is before the next @separator, and the separator, off the front of @rest. False: there is no separator. */
static bool take(struct span *rest, const char *separator, struct span *piece)
{
	size_t length = strlen(separator);
	const char *end = memmem(rest->at, rest->size, separator, length);

	if (!end)
		return false;
	piece->at = rest->at;
	piece->size = (size_t)(end - rest->at);
	rest->at = end + length;
	rest->size -= piece->size + length;
	return true;
}

static bool is(struct span s, const char *word)
{
	return s.size == strlen(word) && !strncasecmp(s.at, word, s.size);
}

static struct span trim(struct span s)
{
	while (s.size && (*s.at == ' ' || *s.at == '\t'))
		s.at++, s.size--;
	while (s.size && (s.at[s.size - 1] == ' ' || s.at[s.size - 1] == '\t'))
		s.size--;
	return s;
}

/* Is @word among the words between commas of @list? */
static bool lists(struct span list, const char *word)
{
	struct span item;

	while (take(&list, ",", &item))
		if (is(trim(item), word))
			return true;
	return is(trim(list), word);
}

/* Apply one field of the header. False: the request has a body, or the line is no field. */
static bool apply_field(struct span line, bool *last)
{
	struct span name;

	if (!take(&line, ":", &name) || !name.size)
		return false;
	if (is(name, "connection")) {
		if (lists(line, "close"))
			*last = true;
		else if (lists(line, "keep-alive"))
			*last = false;
	}
	return !is(name, "transfer-encoding") && (!is(name, "content-length") || is(trim(line), "0"));
}

enum answer request_answer(const char *text, size_t size, bool *last)
{
	struct span rest = { text, size }, line, method, target;
	enum answer answer;

	*last = true;
	if (!take(&rest, "\r\n", &line) || !take(&line, " ", &method) || !take(&line, " ", &target) || !method.size ||
	    !target.size)
		return ANSWER_BAD;
	if (!is(line, "HTTP/1.1") && !is(line, "HTTP/1.0"))
		return ANSWER_BAD;
	*last = line.at[7] == '0';
	answer = is(method, "GET") ? ANSWER_PAGE : is(method, "HEAD") ? ANSWER_HEAD : ANSWER_METHOD;
	while (take(&rest, "\r\n", &line) && line.size)
		if (!apply_field(line, last)) {
			*last = true;
			return ANSWER_BAD;
		}
	*last = *last || answer == ANSWER_METHOD;
	return answer;
}
