# SPDX-License-Identifier: BSD-3-Clause
# Written by sources.sh; do not edit.
LIBFDT_SRCS-y += $(LIBFDT_TREE)/libfdt/fdt.c
LIBFDT_SRCS-y += $(LIBFDT_TREE)/libfdt/fdt_ro.c
LIBFDT_SRCS-y += $(LIBFDT_TREE)/libfdt/fdt_wip.c
LIBFDT_SRCS-y += $(LIBFDT_TREE)/libfdt/fdt_sw.c
LIBFDT_SRCS-y += $(LIBFDT_TREE)/libfdt/fdt_rw.c
LIBFDT_SRCS-y += $(LIBFDT_TREE)/libfdt/fdt_strerror.c
LIBFDT_SRCS-y += $(LIBFDT_TREE)/libfdt/fdt_empty_tree.c
LIBFDT_SRCS-y += $(LIBFDT_TREE)/libfdt/fdt_addresses.c
LIBFDT_SRCS-y += $(LIBFDT_TREE)/libfdt/fdt_overlay.c
LIBFDT_SRCS-y += $(LIBFDT_TREE)/libfdt/fdt_check.c
