# SPDX-License-Identifier: BSD-3-Clause
# QEMU 10.2.
LIBQEMU_VERSION := 10.2.2
LIBQEMU_URL := https://download.qemu.org/qemu-$(LIBQEMU_VERSION).tar.xz
LIBQEMU_URL_SHA256 := none
LIBQEMU_SHA256 := be05230fe47a6937cd29f28f562932c8125f9c93c2a82c625198f7a4aa601dfb
LIBQEMU_DEBSRC := qemu=1:10.2.2+ds-1 (sid) qemu_10.2.2+ds.orig.tar.xz
