# SPDX-License-Identifier: BSD-3-Clause
# The tests under KVM and under Xen, and upstream's device tests: they take minutes, and Debian's packages to make their labs or
# a native build, so 'make test' leaves them out.

.PHONY: test-kvm test-xen test-qtest
test-qtest:
	$(Q)$(call uk_bootstrap,--bench)
	+$(Q)tests/run $(TESTFLAGS) qtest

test-kvm test-xen: test-%:
	$(Q)$(call uk_bootstrap,--test)
	+$(Q)tests/run $(TESTFLAGS) $*
