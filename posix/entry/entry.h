/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by the files of posix/entry only. */
#ifndef POSIX_ENTRY_ENTRY_H
#define POSIX_ENTRY_ENTRY_H

#include <core/base.h>
#include <posix/calls.h>

/* Did a signal end the call that has this result? */
static inline bool ended_by_signal(long result)
{
	return result == -EINTR || result == -EINTR_FINAL || result == -EINTR_HANDLED;
}

/* Do the pointers among the arguments of call @number lead to memory of the program's? (CONFIG_CORE_USER) */
bool call_pointers_good(long number, const long args[6]);

/*
 * What Linux calls number @number, if posix/syscall has no such call; else "". Without CONFIG_CORE_USER only those few that a program of our C library
 * tries in passing have names.
 */
const char *call_name(long number);

/* -ENOSYS. Logs @number, and @why or the call's name, the first time. */
long call_missing(long number, const char *why);

#endif
