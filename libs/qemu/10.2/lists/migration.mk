# SPDX-License-Identifier: BSD-3-Clause
# Written by scripts/port; do not edit.
LIBQEMU_MIGRATION_SRCS-y += $(LIBQEMU_TREE)/migration/migration-stats.c
LIBQEMU_MIGRATION_SRCS-y += $(LIBQEMU_TREE)/migration/page_cache.c
LIBQEMU_MIGRATION_SRCS-y += $(LIBQEMU_TREE)/migration/qemu-file.c
LIBQEMU_MIGRATION_SRCS-y += $(LIBQEMU_TREE)/migration/vmstate-types.c
LIBQEMU_MIGRATION_SRCS-y += $(LIBQEMU_TREE)/migration/vmstate.c
LIBQEMU_MIGRATION_SRCS-y += $(LIBQEMU_TREE)/migration/xbzrle.c
LIBQEMU_MIGRATION_SRCS-y += $(LIBQEMU_TREE)/migration/yank_functions.c
