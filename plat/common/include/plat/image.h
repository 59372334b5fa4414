/* SPDX-License-Identifier: BSD-3-Clause */
/* The image in memory, as plat/common's link script lays it out: linked where it is loaded. Boot only. */
#ifndef PLAT_IMAGE_H
#define PLAT_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

/* Page aligned but for __text_end and __image_end; code, constants and data follow each other in this order. */
extern char __image_start[], __text_end[], __rodata_start[], __data_start[], __image_end[];

/* Does the byte at (pseudo-)physical address @pa belong to what nobody may write: the image's code and constants? */
static inline bool image_is_constant(uint64_t pa)
{
	return pa >= (uintptr_t)__image_start && pa < (uintptr_t)__data_start;
}

#endif
