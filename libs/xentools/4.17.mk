# SPDX-License-Identifier: BSD-3-Clause
# Xen 4.17: Debian's snapshot of the stable branch; the archive of the release itself is another one.
LIBXENTOOLS_VERSION := 4.17.5
LIBXENTOOLS_URL := https://downloads.xenproject.org/release/xen/$(LIBXENTOOLS_VERSION)/xen-$(LIBXENTOOLS_VERSION).tar.gz
LIBXENTOOLS_URL_SHA256 := none
LIBXENTOOLS_SHA256 := 53922f4d0a02c577f2ea9d63f65989cd88715779eebeed879ca1d314103ee06e
LIBXENTOOLS_DEBSRC := xen=4.17.5+72-g01140da4e8-1 (bookworm) xen_4.17.5+72-g01140da4e8.orig.tar.xz
# Shared with the daemon, and then still in its folder.
LIBXENTOOLS_EXTRACT := tools/xenstore/xs_lib.c tools/xenstore/*.h
LIBXENSTORE_SRCS-y += $(LIBXENTOOLS_TREE)/tools/xenstore/xs_lib.c
