/* SPDX-License-Identifier: BSD-3-Clause */
/* Extended state: x87, SSE, AVX and whatever else the platform enabled in XCR0. Kernel code itself never uses it. */
#ifndef ARCH_FPU_H
#define ARCH_FPU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FPU_ALIGN 64
#define FPU_LEGACY_STATES 3u /* x87 and SSE, by their bits in XCR0 */

/* Tell how to save: with XSAVE (of @size bytes, CPUID leaf 0xD) or with FXSAVE (512 bytes). Boot only. */
void fpu_init(bool xsave, size_t size);
/* Bytes that a saved state takes; at least 512. */
size_t fpu_size(void);
/* What it holds, by the bits of XCR0. */
uint64_t fpu_states(void);
/* Save to and load from @area, FPU_ALIGN aligned, fpu_size() bytes. */
void fpu_save(void *area);
void fpu_restore(const void *area);

#endif
