/* SPDX-License-Identifier: BSD-3-Clause */
/* kept.c: an allocator whose memory is the test's to free. Physical addresses are virtual ones. */
#ifndef TESTS_HOST_STUBS_KEPT_H
#define TESTS_HOST_STUBS_KEPT_H

/* Allocations since kept_free(), which frees them all, whoever has them. */
extern unsigned kept_count;
void kept_free(void);
/* So many more pages can be had; negative, as at the beginning: any number. */
extern int kept_pages_left;

#endif
