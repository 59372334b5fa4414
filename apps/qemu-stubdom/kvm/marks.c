/* SPDX-License-Identifier: BSD-3-Clause */
#include "marks.h"

#include <string.h>

static bool begins_with(const struct marks *m, const char *text)
{
	return m->held >= strlen(text) && !memcmp(m->line, text, strlen(text));
}

static bool has_id(const struct marks *m, const char *id)
{
	return memmem(m->line, m->held, id, strlen(id));
}

/* Is the line held, or its beginning if it is a long one, for the client? */
static bool is_for_client(struct marks *m)
{
	switch (m->state) {
	case MARK_BEFORE:
		if (!begins_with(m, "{\"QMP\""))
			return false;
		m->state = MARK_GREETED;
		return true;
	case MARK_GREETED:
		if (!m->long_line && has_id(m, "\"id\": \"org.unidom.first\""))
			m->state = MARK_WITHIN;
		return false;
	case MARK_WITHIN:
		if (m->long_line || !has_id(m, "\"id\": \"org.unidom.last\""))
			return true;
		m->state = MARK_AFTER;
		return false;
	default:
		return false;
	}
}

static size_t flush(struct marks *m, char *out)
{
	m->passing = is_for_client(m);
	size_t n = m->passing ? m->held : 0;

	memcpy(out, m->line, n);
	m->held = 0;
	return n;
}

size_t marks_pass(struct marks *m, const char *data, size_t length, char *out)
{
	size_t done = 0;

	for (size_t i = 0; i < length; i++) {
		bool end = data[i] == '\n';

		if (m->long_line) {
			if (m->passing)
				out[done++] = data[i];
			m->long_line = !end;
			continue;
		}
		m->line[m->held++] = data[i];
		m->long_line = !end && m->held == MARK_LINE_MAX;
		if (end || m->long_line)
			done += flush(m, out + done);
	}
	return done;
}
