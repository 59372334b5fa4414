# SPDX-License-Identifier: BSD-3-Clause
# Written by scripts/port; do not edit.
LIBQEMU_CHARDEV_SRCS-y += $(LIBQEMU_TREE)/chardev/char-fd.c
LIBQEMU_CHARDEV_SRCS-y += $(LIBQEMU_TREE)/chardev/char-fe.c
LIBQEMU_CHARDEV_SRCS-y += $(LIBQEMU_TREE)/chardev/char-file.c
LIBQEMU_CHARDEV_SRCS-y += $(LIBQEMU_TREE)/chardev/char-hub.c
LIBQEMU_CHARDEV_SRCS-y += $(LIBQEMU_TREE)/chardev/char-io.c
LIBQEMU_CHARDEV_SRCS-y += $(LIBQEMU_TREE)/chardev/char-mux.c
LIBQEMU_CHARDEV_SRCS-y += $(LIBQEMU_TREE)/chardev/char-null.c
LIBQEMU_CHARDEV_SRCS-y += $(LIBQEMU_TREE)/chardev/char-pipe.c
LIBQEMU_CHARDEV_SRCS-y += $(LIBQEMU_TREE)/chardev/char-pty.c
LIBQEMU_CHARDEV_SRCS-y += $(LIBQEMU_TREE)/chardev/char-ringbuf.c
LIBQEMU_CHARDEV_SRCS-y += $(LIBQEMU_TREE)/chardev/char-serial.c
LIBQEMU_CHARDEV_SRCS-y += $(LIBQEMU_TREE)/chardev/char-socket.c
LIBQEMU_CHARDEV_SRCS-y += $(LIBQEMU_TREE)/chardev/char-stdio.c
LIBQEMU_CHARDEV_SRCS-y += $(LIBQEMU_TREE)/chardev/char-udp.c
LIBQEMU_CHARDEV_SRCS-y += $(LIBQEMU_TREE)/chardev/char.c
