# SPDX-License-Identifier: BSD-3-Clause
# What is handed on: a source tarball with all archives, and packages of the product for Debian and by RPM; all go to build/packages.

UK_PACKAGES := $(O)/packages

.PHONY: dist deb rpm
dist: source
	$(Q)scripts/dist $(DISTFLAGS) $(UK_PACKAGES)/unidom-$(file <$(UK_BASE)/VERSION).tar.gz \
		--archives $$($(MAKE) -s -f mk/source-all.mk archives | sed 's,^,$(DL)/,')

deb rpm:
	+$(Q)$(MAKE) legal-info APP=qemu-stubdom PLAT=kvm
	+$(Q)$(MAKE) legal-info APP=qemu-stubdom PLAT=xen
	$(Q)scripts/$@ --build $(O) $(UK_PACKAGES)
