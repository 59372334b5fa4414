/* SPDX-License-Identifier: BSD-3-Clause */
/* In place of src/env/__stack_chk_fail.c: the kernel has chosen the guard value before the C library starts. */
#include <stddef.h>

#include "pthread_impl.h"

void __init_ssp(void *entropy)
{
	(void)entropy;
}
