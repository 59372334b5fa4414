# SPDX-License-Identifier: BSD-3-Clause
# Written by scripts/port; do not edit.
LIBQEMU_TCG_SRCS-y += $(LIBQEMU_TREE)/tcg/optimize.c
LIBQEMU_TCG_SRCS-y += $(LIBQEMU_TREE)/tcg/perf.c
LIBQEMU_TCG_SRCS-y += $(LIBQEMU_TREE)/tcg/region.c
LIBQEMU_TCG_SRCS-y += $(LIBQEMU_TREE)/tcg/tcg-common.c
LIBQEMU_TCG_SRCS-y += $(LIBQEMU_TREE)/tcg/tcg-op-gvec.c
LIBQEMU_TCG_SRCS-y += $(LIBQEMU_TREE)/tcg/tcg-op-ldst.c
LIBQEMU_TCG_SRCS-y += $(LIBQEMU_TREE)/tcg/tcg-op-vec.c
LIBQEMU_TCG_SRCS-y += $(LIBQEMU_TREE)/tcg/tcg-op.c
LIBQEMU_TCG_SRCS-y += $(LIBQEMU_TREE)/tcg/tcg.c
