#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# Prints sources.mk: COREFILES, CORE4FILES and CORE6FILES of upstream's Filelists.mk, and Ethernet. What the options leave out is
# empty; of timeouts.c there is our own (glue/timers.c).
# Usage: libs/lwip/sources.sh TREE > libs/lwip/sources.mk
set -eu

echo '# SPDX-License-Identifier: BSD-3-Clause'
echo '# Written by sources.sh; do not edit.'
sed -n '/^CORE[46]*FILES=/,/[^\\]$/p' "$1/src/Filelists.mk" | tr ' \t' '\n\n' | grep -v 'altcp\|timeouts' |
	sed -n 's,^.*\$(LWIPDIR)/\(core/.*\.c\)$,LIBLWIP_SRCS-y += $(LIBLWIP_TREE)/src/\1,p'
# shellcheck disable=SC2016 # make's variable
echo 'LIBLWIP_SRCS-y += $(LIBLWIP_TREE)/src/netif/ethernet.c'
