# SPDX-License-Identifier: BSD-3-Clause
# Written by scripts/port; do not edit.
LIBQEMU_IO_SRCS-y += $(LIBQEMU_TREE)/io/channel-buffer.c
LIBQEMU_IO_SRCS-y += $(LIBQEMU_TREE)/io/channel-command.c
LIBQEMU_IO_SRCS-y += $(LIBQEMU_TREE)/io/channel-file.c
LIBQEMU_IO_SRCS-y += $(LIBQEMU_TREE)/io/channel-null.c
LIBQEMU_IO_SRCS-y += $(LIBQEMU_TREE)/io/channel-socket.c
LIBQEMU_IO_SRCS-y += $(LIBQEMU_TREE)/io/channel-tls.c
LIBQEMU_IO_SRCS-y += $(LIBQEMU_TREE)/io/channel-util.c
LIBQEMU_IO_SRCS-y += $(LIBQEMU_TREE)/io/channel-watch.c
LIBQEMU_IO_SRCS-y += $(LIBQEMU_TREE)/io/channel-websock.c
LIBQEMU_IO_SRCS-y += $(LIBQEMU_TREE)/io/channel.c
LIBQEMU_IO_SRCS-y += $(LIBQEMU_TREE)/io/dns-resolver.c
LIBQEMU_IO_SRCS-y += $(LIBQEMU_TREE)/io/net-listener.c
LIBQEMU_IO_SRCS-y += $(LIBQEMU_TREE)/io/task.c
