#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# Prints sources.mk: LIBFDT_SRCS of upstream's libfdt/Makefile.libfdt.
# Usage: libs/fdt/sources.sh TREE > libs/fdt/sources.mk
set -eu

echo '# SPDX-License-Identifier: BSD-3-Clause'
echo '# Written by sources.sh; do not edit.'
sed -n '/^LIBFDT_SRCS *=/,/[^\\]$/p' "$1/libfdt/Makefile.libfdt" | tr ' \t' '\n\n' |
	sed -n 's,^\(fdt.*\.c\)$,LIBFDT_SRCS-y += $(LIBFDT_TREE)/libfdt/\1,p'
