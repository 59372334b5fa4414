#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# Prints sources.mk: what upstream's meson puts into a static libglib-2.0.a.
# Usage: libs/glib/sources.sh BUILD > libs/glib/sources.mk
# BUILD is a folder that meson has configured with a compiler for musl:
#   meson setup BUILD --native-file MUSL --default-library static --buildtype release -Dtests=false -Dnls=disabled \
#     -Dselinux=disabled -Dxattr=false -Dlibmount=disabled -Dsysprof=disabled -Dintrospection=disabled -Dlibelf=disabled
# BUILD/config.h is where glue/config.h comes from, and BUILD/glib/glibconfig.h what glue/glibconfig.sed must give.
set -eu
export LC_ALL=C
[ -e "$1/build.ninja" ] || { echo 'it takes a folder that meson has configured, see its head' >&2; exit 1; }

echo '# SPDX-License-Identifier: BSD-3-Clause'
echo '# Written by sources.sh; do not edit.'
ninja -C "$1" -t commands glib/libglib-2.0.a | sed -n 's,.* -c \.\./\(glib/.*\.c\)$,\1,p' | sort | while read -r f; do
	case $f in
	glib/deprecated/*) echo "LIBGLIB_SRCS-\$(CONFIG_LIBGLIB_DEPRECATED) += \$(LIBGLIB_TREE)/$f" ;;
	*) echo "LIBGLIB_SRCS-y += \$(LIBGLIB_TREE)/$f" ;;
	esac
done
