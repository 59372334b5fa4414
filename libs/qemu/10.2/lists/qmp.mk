# SPDX-License-Identifier: BSD-3-Clause
# Written by scripts/port; do not edit.
LIBQEMU_QMP_SRCS-y += $(LIBQEMU_TREE)/monitor/monitor.c
LIBQEMU_QMP_SRCS-y += $(LIBQEMU_TREE)/monitor/qmp-cmds-control.c
LIBQEMU_QMP_SRCS-y += $(LIBQEMU_TREE)/monitor/qmp.c
LIBQEMU_QMP_SRCS-y += $(LIBQEMU_TREE)/qom/qom-qmp-cmds.c
