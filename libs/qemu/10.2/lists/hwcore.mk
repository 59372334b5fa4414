# SPDX-License-Identifier: BSD-3-Clause
# Written by scripts/port; do not edit.
LIBQEMU_HWCORE_SRCS-y += $(LIBQEMU_TREE)/hw/core/bus.c
LIBQEMU_HWCORE_SRCS-y += $(LIBQEMU_TREE)/hw/core/clock.c
LIBQEMU_HWCORE_SRCS-y += $(LIBQEMU_TREE)/hw/core/irq.c
LIBQEMU_HWCORE_SRCS-y += $(LIBQEMU_TREE)/hw/core/qdev-clock.c
LIBQEMU_HWCORE_SRCS-y += $(LIBQEMU_TREE)/hw/core/qdev-properties.c
LIBQEMU_HWCORE_SRCS-y += $(LIBQEMU_TREE)/hw/core/qdev.c
LIBQEMU_HWCORE_SRCS-y += $(LIBQEMU_TREE)/hw/core/resetcontainer.c
LIBQEMU_HWCORE_SRCS-y += $(LIBQEMU_TREE)/hw/core/resettable.c
LIBQEMU_HWCORE_SRCS-y += $(LIBQEMU_TREE)/hw/core/vmstate-if.c
