# SPDX-License-Identifier: BSD-3-Clause
# The tests under KVM and under Xen: they take minutes, and Debian's packages to make their labs, so 'make test' leaves them out.

.PHONY: test-kvm test-xen
test-kvm test-xen: test-%: bootstrap
	+$(Q)tests/run $(TESTFLAGS) $*
