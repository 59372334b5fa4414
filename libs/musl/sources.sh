#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# Prints sources.mk: what upstream's Makefile puts into a static libc.a for x86_64, less what glue/ replaces.
# Usage: libs/musl/sources.sh TREE > libs/musl/sources.mk
set -eu
export LC_ALL=C
cd "$1"

# Replaced by glue/: they make system calls by instruction, want the register context of a signal, or do
# what the kernel did.
replaced='src/thread/clone src/thread/__unmapself src/thread/__set_thread_area src/thread/syscall_cp
src/thread/__syscall_cp src/thread/pthread_cancel src/signal/restore src/env/__stack_chk_fail'
# The generic C file instead of x86_64's: it only returns what the kernel says to fork().
generic='src/process/vfork'

skip() {
	for s in $2; do
		if [ "$1" = "$s" ]; then
			return 0
		fi
	done
	return 1
}

echo '# SPDX-License-Identifier: BSD-3-Clause'
echo '# Written by sources.sh; do not edit.'
for f in src/*/*.c src/malloc/mallocng/*.c src/*/x86_64/*.[csS]; do
	dir=${f%/*}
	name=${f##*/}
	stem=${name%.*}
	case $dir in
	*/x86_64)
		plain=${dir%/x86_64}/$stem
		if skip "$plain" "$generic"; then
			continue
		fi
		;;
	*)
		plain=$dir/$stem
		if ls "$dir/x86_64/$stem".[csS] >/dev/null 2>&1 && ! skip "$plain" "$generic"; then
			continue
		fi
		;;
	esac
	if ! skip "$plain" "$replaced"; then
		echo "LIBMUSL_SRCS-y += \$(LIBMUSL_TREE)/$f"
	fi
done
