/* SPDX-License-Identifier: BSD-3-Clause */
/* QEMU's view of the emulated machine. */
#pragma once

#define CONFIG_I386_DIS 1
#define CONFIG_SOFTMMU 1
#define CONFIG_SYSTEM_ONLY 1
#define CONFIG_TCG 1
#define CONFIG_XEN 1
#define QEMU_ARCH QEMU_ARCH_I386
#define TARGET_BIG_ENDIAN 0
#define TARGET_I386 1
#define TARGET_LONG_BITS 64
#define TARGET_NAME "x86_64"
#define TARGET_SUPPORTS_MTTCG 1
#define TARGET_X86_64 1
