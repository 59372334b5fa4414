#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# Prints sources.mk: COMMON_SOURCES of upstream's Makefile.am and the default tables, once for each width of code unit.
# pcre2_chkdint.c defines one name for all widths before 10.47, so it is compiled once there.
# Usage: libs/pcre2/sources.sh TREE > libs/pcre2/sources.mk
set -eu

common=$(sed -n '/^COMMON_SOURCES/,/[^\\]$/p' "$1/Makefile.am" | sed -n 's,.*src/\(pcre2_.*\)\.c.*,\1,p')
once=pcre2_chkdint
! grep -q 'PCRE2_SUFFIX(_pcre2_ckd_smul' "$1"/src/*.h || once=
[ -z "$once" ] || common=$(echo "$common" | grep -v "$once")

echo '# SPDX-License-Identifier: BSD-3-Clause'
echo '# Written by sources.sh; do not edit.'
for name in $once; do
	# shellcheck disable=SC2016 # make's variable
	echo 'LIBPCRE2_SRCS-y += $(LIBPCRE2_TREE)/src/'"$name.c"
	echo "LIBPCRE2_$(echo "$name" | tr '[:lower:]' '[:upper:]')_FLAGS-y += -DPCRE2_CODE_UNIT_WIDTH=8"
done
for width in 8 16 32; do
	for name in $common; do
		echo "LIBPCRE2_SRCS-\$(CONFIG_LIBPCRE2_$width) += \$(LIBPCRE2_TREE)/src/$name.c|$width"
	done
	echo "LIBPCRE2_SRCS-\$(CONFIG_LIBPCRE2_$width) += \$(LIBPCRE2_BUILD)/pcre2_chartables.c|$width"
done
for width in 8 16 32; do
	for name in $common pcre2_chartables; do
		upper=$(echo "$name" | tr '[:lower:]' '[:upper:]')
		echo "LIBPCRE2_${upper}_${width}_FLAGS-y += -DPCRE2_CODE_UNIT_WIDTH=$width"
	done
done
