#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# Prints sources.mk: what upstream's glib/meson.build puts into libglib-2.0 on Linux. Of its two fallbacks libcharset is compiled, and gnulib's
# printf is not, since musl's is good. glue/config.h and glue/glibconfig.sed stand for what meson finds out; on standard error, what the
# sources ask and config.h does not answer.
# Usage: libs/glib/sources.sh TREE > libs/glib/sources.mk
set -eu
export LC_ALL=C

# A list within a condition that is not known ends this: somebody has to look at it.
list() {
	awk '
	function holds(c) {
		if (c ~ /^(host_system == .linux.|process_spawn_allowed)$/) return 1
		if (c ~ /^host_system == .(windows|darwin)/ || c ~ /^glib_have_(cocoa|carbon)$/ || c ~ /get_id\(\) == .msvc/) return 0
		return 2
	}
	/^ *if / { sub(/^ *if /, ""); cond[++depth] = $0; state[depth] = holds($0); next }
	/^ *elif / { sub(/^ *elif /, ""); cond[depth] = $0; state[depth] = state[depth] == 1 ? 0 : holds($0); next }
	/^ *else *$/ { if (state[depth] < 2) state[depth] = 1 - state[depth]; next }
	/^ *endif/ { depth--; next }
	/^ *glib(_deprecated)?_sources \+?= files\(/ { inside = 1 }
	inside {
		taken = 1
		for (i = 1; i <= depth; i++) if (state[i] == 0) taken = 0
		for (i = 1; i <= depth && taken; i++) if (state[i] == 2) { print "glib/meson.build: if " cond[i] " is not known" >"/dev/stderr"; exit 1 }
		for (n = split($0, part, "\047"); n > 1; n--) if (taken && part[n] ~ /\.c$/) print "glib/" part[n]
		if (/\)/) inside = 0
	}' "$1/glib/meson.build"
	echo glib/libcharset/localcharset.c
}

# Macros in conditions of the sources @2 and the headers that no file of GLib's defines: meson does.
questions() (
	cd "$1"
	{ echo "$2"; ls gmodule/*.c gmodule/*.h glib/*.h glib/deprecated/*.h glib/libcharset/*.h; } | grep -v win32 | sort -u | xargs awk '
	{ while (sub(/\\$/, "") && (getline more) > 0) $0 = $0 more }
	/^[ \t]*#[ \t]*define[ \t]/ { name = $0; sub(/^[ \t]*#[ \t]*define[ \t]+/, "", name); sub(/[^A-Za-z0-9_].*/, "", name); defined[name] = 1 }
	/^[ \t]*#[ \t]*(el)?if/ {
		for (rest = $0; match(rest, /[A-Za-z_][A-Za-z0-9_]*/); rest = substr(rest, RSTART + RLENGTH)) asked[substr(rest, RSTART, RLENGTH)] = FILENAME
	}
	END { for (name in asked) if (name ~ /^(HAVE|USE|ENABLE|BROKEN|SIZEOF|STRERROR_R)_/ && !(name in defined)) print name, asked[name] }' | sort
)

config=$(dirname "$0")/glue/config.h
found=$(list "$1")
questions "$1" "$found" | while read -r name file; do
	grep -qw "$name" "$config" || echo "$name, which $file asks for, is taken as not there; next: answer it in libs/glib/glue/config.h" >&2
done
echo '# SPDX-License-Identifier: BSD-3-Clause'
echo '# Written by sources.sh; do not edit.'
echo "$found" | sort | while read -r f; do
	case $f in
	glib/deprecated/*) echo "LIBGLIB_SRCS-\$(CONFIG_LIBGLIB_DEPRECATED) += \$(LIBGLIB_TREE)/$f" ;;
	*) echo "LIBGLIB_SRCS-y += \$(LIBGLIB_TREE)/$f" ;;
	esac
done
