#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Runs the checkers of scripts/check, or those named. Any complaint fails.
cd "$(dirname "$0")/.." || exit 2
[ $# -gt 0 ] || set -- scripts/check/*
failed=
for c; do
	c=scripts/check/${c#scripts/check/}
	name=${c##*/}
	[ -x "$c" ] && [ -f "$c" ] || { echo "error: check: there is no $c" >&2; exit 2; }
	echo "  CHECK   $name"
	args=
	case $name in
	privileged | circles | links | calls)
		# What is scanned is what was built.
		args=$(for d in "${O:-build}"/*-*/auto.mk; do [ -e "$d" ] && dirname "$d"; done)
		[ -n "$args" ] || { echo "  NOTE    nothing is built, no objects to scan"; continue; }
		;;
	esac
	# shellcheck disable=SC2086
	"$c" $args || failed="$failed $name"
done
[ -z "$failed" ] || { echo "error: check: failed:$failed" >&2; exit 1; }
