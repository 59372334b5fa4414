# SPDX-License-Identifier: BSD-3-Clause
# Written by scripts/port; do not edit.
LIBQEMU_GDBSTUB_SRCS-y += $(LIBQEMU_TREE)/gdbstub/gdbstub.c
LIBQEMU_GDBSTUB_SRCS-y += $(LIBQEMU_TREE)/gdbstub/system.c
