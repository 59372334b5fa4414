/* SPDX-License-Identifier: BSD-3-Clause */
/* Where QEMU's argument vector comes from: each platform has its own arguments.c. */
#ifndef ARGUMENTS_H
#define ARGUMENTS_H

/*
 * Given the command line's arguments, set *@out, NULL terminated, to QEMU's. Returns their count, or -1 after a message on
 * standard error.
 */
int arguments_get(int argc, char **argv, char ***out);

/* QEMU has been set up from them: start what serves the toolstack besides. Returns 0, or -1 after a message. */
int arguments_serve(void);

#endif
