/* SPDX-License-Identifier: BSD-3-Clause */
/* What clone3(2) is given; as words, since clone(2) has them so. */
#ifndef ABI_CLONE_H
#define ABI_CLONE_H

#include <stdint.h>

#define CSIGNAL 0xffu /* of clone(2)'s flags: what the parent is sent at the child's end */

struct clone_args {
	int64_t flags;
	int64_t pidfd, child_tid, parent_tid; /* addresses */
	int64_t exit_signal;
	int64_t stack, stack_size;
	int64_t tls;
};

#define CLONE_ARGS_SIZE_VER0 64u

#endif
