# SPDX-License-Identifier: BSD-3-Clause
"""From inside a stubdomain, apps/xen-test in the place of the device model: what Xen lets it do on its target, and refuses on any other domain.
And the product's image holds no code for more."""

import os
import re
import subprocess

import pytest

from machine import ktap
from xenlab import dom0, hvm, session
from xen_steps import functions
from xenlab_fixtures import PATIENCE

OTHER = """\
name = "other"
type = "pvh"
kernel = "/lab/stubdom-kernel"
memory = 32
vcpus = 1
"""
# xl waits in vain for a device model.
SCRIPT = """
xl create -q -p /lab/other.cfg || exit 2
xl create /lab/hvm.cfg >/lab/out/xl.log 2>&1 &
log=/var/log/xen/qemu-dm-guest.log
wait_for 120 said "unidom: exit status" $log || exit 3
xl list
xl domid other && xl domid guest
"""


def inside(lab, kernel, cmdline):
    """What a stubdomain with this image said, beside another domain that is not its target."""
    with open(kernel, "rb") as f:
        image = f.read()
    job = hvm.Job("ours", "/dev/null", kernel=kernel, cmdline=cmdline, files={"lab/other.cfg": OTHER.encode()})
    files = {**hvm.prepared(lab, job), hvm.KERNEL: image, hvm.DISK: bytes(1 << 20)}
    outcome = dom0.run(lab, functions() + SCRIPT, files, ["/lab/out/*"], limit=session.BOOT_ALLOWANCE + 150 * PATIENCE)
    log = outcome.files.get("var/log/xen/qemu-dm-guest.log", b"").decode("utf-8", "replace").replace("\r", "")
    assert outcome.status == 0, f"{outcome.how}, status {outcome.status}\n{log}\n{outcome.console[-6000:]}"
    return log


def test_target_and_nothing_else(lab, xen_image):
    log = inside(lab, xen_image("xen-test"), "-- isolation")
    results = ktap(log)
    assert "# domain 3, target 2" in log.splitlines(), log
    assert len(results) > 250 and all(results.values()), "\n".join(k for k, ok in results.items() if not ok) + "\n" + log
    assert "unidom: exit status 0" in log.splitlines()


# Of libxenctrl: operations that Xen permits a device model, and what is no hypercall.
PERMITTED = {
    "xc_interface_open", "xc_interface_close", "xc_hvm_param_get", "xc_hvm_param_set", "xc_get_hvm_param", "xc_set_hvm_param",
    "xc_domain_populate_physmap", "xc_domain_populate_physmap_exact", "xc_domain_shutdown", "xc_memory_op",
    # Devices that are passed through.
    "xc_domain_bind_pt_pci_irq", "xc_domain_unbind_pt_irq", "xc_domain_update_msi_irq", "xc_domain_unbind_msi_irq", "xc_domain_memory_mapping",
    "xc_domain_ioport_mapping", "xc_domain_getinfo", "xc_domain_getinfo_single", "xc_physdev_map_pirq",
    "xc_physdev_map_pirq_msi", "xc_physdev_unmap_pirq",
    "xc_report", "xc_report_error", "xc_reportv", "xc_strerror",
}  # fmt: skip


@pytest.mark.skipif("UNIDOM_IMAGES" in os.environ, reason="images without their symbols")
def test_no_code_for_more(xen_image):
    """Sections that nothing calls are not linked: what is there is what can happen."""
    symbols = subprocess.run(["nm", xen_image("qemu-stubdom") + ".dbg"], capture_output=True, text=True, check=True).stdout
    names = {re.sub(r"\..*", "", line.split()[-1]) for line in symbols.splitlines() if re.search(r" [tT] ", line)}
    used = {name for name in names if re.match(r"xc_[a-z]", name)}
    assert "xc_hvm_param_set" in used, "the list of symbols is another one than expected"
    assert not used - PERMITTED, sorted(used - PERMITTED)
    callers = {name for name in names if re.match(r"xencall\d", name)}
    # Of libxenctrl: domctl, and memory_op, hvm_op and physdev_op; device models' operations have a hypercall of their own.
    assert callers == {"xencall1", "xencall2"}, callers
