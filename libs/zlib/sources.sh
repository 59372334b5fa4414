#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# Prints sources.mk: OBJZ and OBJG of upstream's Makefile.in.
# Usage: libs/zlib/sources.sh TREE > libs/zlib/sources.mk
set -eu

objects() {
	sed -n "/^$1 *=/s/.*=//p" "$2/Makefile.in" | tr ' ' '\n' | sed -n 's/\.o$//p'
}

echo '# SPDX-License-Identifier: BSD-3-Clause'
echo '# Written by sources.sh; do not edit.'
for name in $(objects OBJZ "$1") $(objects OBJG "$1"); do
	# shellcheck disable=SC2016 # make's variables
	case $name in
	gz*) condition='$(CONFIG_LIBZLIB_GZFILE)' ;;
	*) condition=y ;;
	esac
	echo "LIBZLIB_SRCS-$condition += \$(LIBZLIB_TREE)/$name.c"
done
