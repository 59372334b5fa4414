#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# Prints sources.mk: libaio_srcs of upstream's Makefile, without the symbols of an older interface of its shared library.
# Usage: libs/libaio/sources.sh TREE > libs/libaio/sources.mk
set -eu

echo '# SPDX-License-Identifier: BSD-3-Clause'
echo '# Written by sources.sh; do not edit.'
for file in $(sed -n 's/^libaio_srcs *[+:]=//p' "$1/src/Makefile"); do
	[ "$file" = compat-0_1.c ] || echo "LIBAIO_SRCS-y += \$(LIBAIO_TREE)/src/$file"
done
