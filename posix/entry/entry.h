/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by the files of posix/entry only. */
#ifndef POSIX_ENTRY_ENTRY_H
#define POSIX_ENTRY_ENTRY_H

/* -ENOSYS. Logs @number, and @why or the call's name, the first time. */
long call_missing(long number, const char *why);

#endif
