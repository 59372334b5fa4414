/* SPDX-License-Identifier: BSD-3-Clause */
/* A root file system for targets, empty at the start of each input. */
#ifndef FUZZ_FS_H
#define FUZZ_FS_H

/* Before each input. */
void fs_start(void);
/* Remove all files. The test fails if that leaves memory behind. */
void fs_empty(void);

#endif
