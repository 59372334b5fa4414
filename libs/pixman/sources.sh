#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# Prints sources.mk: pixman_files of upstream's pixman/meson.build, and the fast paths that the menu offers.
# Usage: libs/pixman/sources.sh TREE > libs/pixman/sources.mk
set -eu

echo '# SPDX-License-Identifier: BSD-3-Clause'
echo '# Written by sources.sh; do not edit.'
# shellcheck disable=SC2016 # make's variables
{
	sed -n "/^pixman_files = /,/^)/s,^ *'\(.*\.c\)'.*,LIBPIXMAN_SRCS-y += \$(LIBPIXMAN_TREE)/pixman/\1,p" "$1/pixman/meson.build"
	echo 'LIBPIXMAN_SRCS-$(CONFIG_LIBPIXMAN_SSE2) += $(LIBPIXMAN_TREE)/pixman/pixman-sse2.c'
	echo 'LIBPIXMAN_SRCS-$(CONFIG_LIBPIXMAN_SSSE3) += $(LIBPIXMAN_TREE)/pixman/pixman-ssse3.c'
}
