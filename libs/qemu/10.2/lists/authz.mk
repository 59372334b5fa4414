# SPDX-License-Identifier: BSD-3-Clause
# Written by scripts/port; do not edit.
LIBQEMU_AUTHZ_SRCS-y += $(LIBQEMU_TREE)/authz/base.c
LIBQEMU_AUTHZ_SRCS-y += $(LIBQEMU_TREE)/authz/list.c
LIBQEMU_AUTHZ_SRCS-y += $(LIBQEMU_TREE)/authz/listfile.c
LIBQEMU_AUTHZ_SRCS-y += $(LIBQEMU_TREE)/authz/simple.c
