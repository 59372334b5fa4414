#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Runs the checkers of scripts/check, or those named, as many at once as there are processors. Any complaint fails.
cd "$(dirname "$0")/.." || exit 2

if [ "${1-}" = --one ]; then
	c=$2
	name=${c##*/}
	args=
	locked=
	case $name in
	privileged | circles | links | calls)
		# What is scanned is what was built. A build that goes on is waited for, and waits while its objects are read (mk/start.mk).
		args=$(for d in "${O:-build}"/*-*/auto.mk; do [ -e "$d" ] && dirname "$d"; done)
		[ -n "$args" ] || { printf '  CHECK   %s\n  NOTE    nothing is built, no objects to scan\n' "$name"; exit 0; }
		for d in $args; do locked="$locked flock -s $d/.lock"; done
		;;
	esac
	# In one piece, so that those which run at once do not mix.
	# shellcheck disable=SC2086
	out=$($locked "$c" $args 2>&1)
	status=$?
	printf '  CHECK   %s\n%s' "$name" "${out:+$out
}"
	[ $status -eq 0 ] || { echo "error: check: failed: $name" >&2; exit 1; }
	exit 0
fi

[ $# -gt 0 ] || set -- scripts/check/*
for c; do
	c=scripts/check/${c#scripts/check/}
	[ -x "$c" ] && [ -f "$c" ] || { echo "error: check: there is no $c" >&2; exit 2; }
done
printf '%s\n' "$@" | sed 's,^scripts/check/,,; s,^,scripts/check/,' | xargs -P "$(nproc)" -n 1 mk/check.sh --one || exit 1
