/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where one client's answers begin and end. QEMU's monitor executes commands in order, those of a client that has gone included, and answers to
 * whoever is connected by then. A command that QEMU does not know, with an id of ours, is sent before the client's first and behind its last:
 * what comes before the answer to the one and after the answer to the other is not this client's.
 */
#ifndef KVM_MARKS_H
#define KVM_MARKS_H

#include <stdbool.h>
#include <stddef.h>

/* A line with one of our ids is shorter; longer ones are not looked at. */
#define MARK_LINE_MAX 512

#define MARK_FIRST "{\"execute\": \"org.unidom.first\", \"id\": \"org.unidom.first\"}\n"
/* The client may have ended in the middle of a command, which swallows the first of the two: byte FF makes the parser start afresh. */
#define MARK_LAST \
	"\n{\"execute\": \"org.unidom.last\", \"id\": \"org.unidom.last\"}\n\xff\n" \
	"{\"execute\": \"org.unidom.last\", \"id\": \"org.unidom.last\"}\n"

struct marks {
	enum { MARK_BEFORE, MARK_GREETED, MARK_WITHIN, MARK_AFTER } state;
	bool long_line, passing; /* in the middle of one, which is for the client */
	size_t held;
	char line[MARK_LINE_MAX];
};

/*
 * Pass the monitor's output @data on: what is for the client is put to @out, which has room for @length + MARK_LINE_MAX bytes. Returns how much
 * that is. @m is zeroed before the first call; its state is MARK_AFTER once all has come.
 */
size_t marks_pass(struct marks *m, const char *data, size_t length, char *out);

#endif
