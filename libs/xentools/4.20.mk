# SPDX-License-Identifier: BSD-3-Clause
# Xen 4.20: Debian's snapshot of the stable branch; the archive of the release itself is another one.
LIBXENTOOLS_VERSION := 4.20.3
LIBXENTOOLS_URL := https://downloads.xenproject.org/release/xen/$(LIBXENTOOLS_VERSION)/xen-$(LIBXENTOOLS_VERSION).tar.gz
LIBXENTOOLS_URL_SHA256 := none
LIBXENTOOLS_SHA256 := df0831854a55a8f31cb3cb85036f2edc928e2ef098d77f815f5714bfafac68f3
LIBXENTOOLS_DEBSRC := xen=4.20.3+127-gc42374a105-0+deb13u1 (trixie) xen_4.20.3+127-gc42374a105.orig.tar.xz
LIBXENCTRL_SRCS-y += $(LIBXENTOOLS_TREE)/tools/libs/ctrl/xc_version.c
LIBXENCTRL_SRCS-y += $(LIBXENTOOLS_BASE)/glue/pci.c
