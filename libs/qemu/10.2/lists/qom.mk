# SPDX-License-Identifier: BSD-3-Clause
# Written by scripts/port; do not edit.
LIBQEMU_QOM_SRCS-y += $(LIBQEMU_TREE)/qom/container.c
LIBQEMU_QOM_SRCS-y += $(LIBQEMU_TREE)/qom/object.c
LIBQEMU_QOM_SRCS-y += $(LIBQEMU_TREE)/qom/object_interfaces.c
LIBQEMU_QOM_SRCS-y += $(LIBQEMU_TREE)/qom/qom-qobject.c
