#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# Prints sources.mk: what upstream's configure, which only writes files, lists for Linux with the modules of glue/ngx_modules.c.
# Usage: libs/nginx/sources.sh TREE > libs/nginx/sources.mk
set -eu
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cp -r "$1"/auto "$1"/conf "$1"/configure "$1"/src "$tmp"
cd "$tmp"

without='--without-pcre --without-http_rewrite_module --without-http_gzip_module'
for module in $(sed -n 's/.*--without-http_\([a-z_]*\)_module).*/\1/p' auto/options); do
	grep -q "&ngx_http_${module}_\(filter_\)\?module" "$here/glue/ngx_modules.c" || without="$without --without-http_${module}_module"
done
# shellcheck disable=SC2086 # words
./configure --builddir=objs $without >log 2>&1 || { cat log >&2; exit 1; }

echo '# SPDX-License-Identifier: BSD-3-Clause'
echo '# Written by sources.sh; do not edit.'
sed -n 's,^	\(src/.*\.c\) *\\*$,\1,p; s,^.*[ 	]\(src/[^ ]*\.c\)$,\1,p' objs/Makefile | grep -v 'ngx_bpf' | sort -u |
	while read -r file; do
		# shellcheck disable=SC2016 # make's variable
		echo 'LIBNGINX_SRCS-y += $(LIBNGINX_TREE)/'"$file"
	done
