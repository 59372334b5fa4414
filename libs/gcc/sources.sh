#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# Prints sources.mk: the parts of libgcc2.c that upstream's libgcc/Makefile.in builds for x86_64 (lib2funcs, the 128-bit
# conversions, LIB2_DIVMOD_FUNCS), less what an image cannot use: start-up code, trampolines, half and quad floats, and the
# routine for machines without a wide divide.
# Usage: libs/gcc/sources.sh > libs/gcc/sources.mk
set -eu

parts='muldi3 negdi2 lshrdi3 ashldi3 ashrdi3 cmpdi2 ucmpdi2 clear_cache absvsi2 absvdi2 addvsi3 addvdi3 subvsi3 subvdi3
mulvsi3 mulvdi3 negvsi2 negvdi2 ffssi2 ffsdi2 clz clzsi2 clzdi2 ctzsi2 ctzdi2 popcount_tab popcountsi2 popcountdi2 paritysi2
paritydi2 powisf2 powidf2 powixf2 mulsc3 muldc3 mulxc3 divsc3 divdc3 divxc3 bswapsi2 bswapdi2 clrsbsi2 clrsbdi2
fixsfdi fixdfdi fixxfdi fixunssfdi fixunsdfdi fixunsxfdi floatdisf floatdidf floatdixf floatundisf floatundidf floatundixf
divdi3 moddi3 divmoddi4 udivdi3 umoddi3 udivmoddi4'

echo '# SPDX-License-Identifier: BSD-3-Clause'
echo '# Written by sources.sh; do not edit. Names are those of a 32-bit machine: here "di" is 128 bits wide.'
for part in $parts; do
	upper=$(echo "$part" | tr '[:lower:]' '[:upper:]')
	echo "LIBGCC_SRCS-y += \$(LIBGCC_TREE)/libgcc/libgcc2.c|$part"
	echo "LIBGCC_LIBGCC2_${upper}_FLAGS-y += -DL_$part"
done
