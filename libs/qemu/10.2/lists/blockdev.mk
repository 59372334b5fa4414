# SPDX-License-Identifier: BSD-3-Clause
# Written by scripts/port; do not edit.
LIBQEMU_BLOCKDEV_SRCS-y += $(LIBQEMU_TREE)/block/export/export.c
LIBQEMU_BLOCKDEV_SRCS-y += $(LIBQEMU_TREE)/blockdev-nbd.c
LIBQEMU_BLOCKDEV_SRCS-y += $(LIBQEMU_TREE)/blockdev.c
LIBQEMU_BLOCKDEV_SRCS-y += $(LIBQEMU_TREE)/iothread.c
LIBQEMU_BLOCKDEV_SRCS-y += $(LIBQEMU_TREE)/job-qmp.c
LIBQEMU_BLOCKDEV_SRCS-y += $(LIBQEMU_TREE)/nbd/server.c
LIBQEMU_BLOCKDEV_SRCS-y += $(LIBQEMU_TREE)/os-posix.c
