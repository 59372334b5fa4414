/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CORE_CALL_ARG_H
#define CORE_CALL_ARG_H

/*
 * An argument whose type depends on another one, the command: of ioctl(2), fcntl(2), prctl(2), futex(2). Pointers are the program's: nothing is known of
 * them but the command's promise, and an access may fault.
 */
union call_arg {
	unsigned long value;
	void *object; /* of a type that the command tells */
	int *number;
};

#endif
