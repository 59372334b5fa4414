#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# Prints sources.mk: what upstream's makefiles link into redis-server, less the C++ file that glue/ replaces and the object that has the build's date.
# Usage: libs/redis/sources.sh TREE > libs/redis/sources.mk
set -eu
export LC_ALL=C
cd "$1"

# The objects of a makefile's variable, whose lines may go on.
objects() { # MAKEFILE VARIABLE
	sed -n ":again; /\\\\\$/{N; s/\\\\\\n/ /; b again}; s/^$2 *= *//p" "$1" | tr -s ' \t' '\n\n' | sed -n 's/\.o$//p'
}

list() { # FOLDER MAKEFILE VARIABLE
	for name in $(objects "$2" "$3"); do
		# shellcheck disable=SC2016 # make's variable
		echo 'LIBREDIS_SRCS-y += $(LIBREDIS_TREE)/'"$1/$name.c"
	done
}

echo '# SPDX-License-Identifier: BSD-3-Clause'
echo '# Written by sources.sh; do not edit.'
list src src/Makefile REDIS_SERVER_OBJ
list deps/lua/src deps/lua/src/Makefile CORE_O
list deps/lua/src deps/lua/src/Makefile LIB_O
list deps/hiredis deps/hiredis/Makefile OBJ
# shellcheck disable=SC2016
echo 'LIBREDIS_SRCS-y += $(LIBREDIS_TREE)/deps/hdr_histogram/hdr_histogram.c
LIBREDIS_SRCS-y += $(LIBREDIS_TREE)/deps/fpconv/fpconv_dtoa.c'
