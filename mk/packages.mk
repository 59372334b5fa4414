# SPDX-License-Identifier: BSD-3-Clause
# What is handed on: a source tarball with all archives, and Debian packages of the product; both go to build/packages.

UK_PACKAGES := $(O)/packages

.PHONY: dist deb
dist: source
	$(Q)scripts/dist $(DISTFLAGS) $(UK_PACKAGES)/unidom-$(file <$(UK_BASE)/VERSION).tar.gz \
		--archives $$($(MAKE) -s -f mk/source-all.mk archives | sed 's,^,$(DL)/,')

deb:
	+$(Q)$(MAKE) legal-info APP=qemu-stubdom PLAT=kvm
	+$(Q)$(MAKE) legal-info APP=qemu-stubdom PLAT=xen
	$(Q)scripts/deb --build $(O) $(UK_PACKAGES)
