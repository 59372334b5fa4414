# SPDX-License-Identifier: BSD-3-Clause
# QEMU 10.0, the long-term line.
LIBQEMU_VERSION := 10.0.13
LIBQEMU_URL := https://download.qemu.org/qemu-$(LIBQEMU_VERSION).tar.xz
LIBQEMU_URL_SHA256 := none
LIBQEMU_SHA256 := 6a0888e806c2ffc0c5f0733e974f9aea55491950d3c47c98669c8b236dde59ae
LIBQEMU_DEBSRC := qemu=1:10.0.13+ds-0+deb13u1 (trixie) qemu_10.0.13+ds.orig.tar.xz
