# SPDX-License-Identifier: BSD-3-Clause
# The tests under Xen: they take minutes, so 'make test' leaves them out.

.PHONY: test-xen
test-xen: bootstrap
	+$(Q)tests/run $(TESTFLAGS) xen
