# SPDX-License-Identifier: BSD-3-Clause
# Written by scripts/port; do not edit.
LIBQEMU_COMMON_SRCS-y += $(LIBQEMU_TREE)/accel/accel-common.c
LIBQEMU_COMMON_SRCS-y += $(LIBQEMU_TREE)/cpu-common.c
LIBQEMU_COMMON_SRCS-y += $(LIBQEMU_TREE)/disas/disas-common.c
LIBQEMU_COMMON_SRCS-$(CONFIG_LIBQEMU_TCG) += $(LIBQEMU_TREE)/disas/disas-host.c
LIBQEMU_COMMON_SRCS-$(CONFIG_LIBQEMU_TCG) += $(LIBQEMU_TREE)/disas/disas-target.c
LIBQEMU_COMMON_SRCS-$(CONFIG_LIBQEMU_TCG) += $(LIBQEMU_TREE)/disas/objdump.c
LIBQEMU_COMMON_SRCS-$(CONFIG_LIBQEMU_TCG) += $(LIBQEMU_TREE)/fpu/softfloat.c
LIBQEMU_COMMON_SRCS-y += $(LIBQEMU_TREE)/hw/core/cpu-common.c
LIBQEMU_COMMON_SRCS-y += $(LIBQEMU_TREE)/hw/core/machine-smp.c
LIBQEMU_COMMON_SRCS-y += $(LIBQEMU_TREE)/page-vary-common.c
LIBQEMU_COMMON_SRCS-y += $(LIBQEMU_TREE)/semihosting/stubs-all.c
LIBQEMU_COMMON_SRCS-y += $(LIBQEMU_TREE)/target-info.c
