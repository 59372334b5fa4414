# SPDX-License-Identifier: BSD-3-Clause
"""A real KVM under emulation: Debian's Linux with its kvm_amd and its QEMU. ci/kvm/lab is its command line, tests/kvm its other user. What
it has in common with the lab of Xen is there, in ci/xen/xenlab, which must be in Python's path."""
