# SPDX-License-Identifier: BSD-3-Clause
# Written by scripts/port; do not edit.
LIBQEMU_EVENT_SRCS-y += $(LIBQEMU_TREE)/event-loop-base.c
