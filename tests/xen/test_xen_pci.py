# SPDX-License-Identifier: BSD-3-Clause
"""PCI pass-through: cards of the outer emulator, behind its IOMMU, in a guest whose device model is ours."""

import pytest

from machine import ktap
from xenlab import passthrough
from xenlab_fixtures import run_guest

SLOT = 1
NAME = f"0000:00:{SLOT:02x}.0"
XEN = "iommu=verbose"


def driven(lab, mode, disk, model="e1000", **options):
    """Result of the guest of tests/guests/devices that pings through a card that was passed through."""
    extra = f"pci = ['{NAME},permissive=1']\n"
    return run_guest(lab, mode, disk, wait=200, extra=extra, before=passthrough.assign(SLOT),
                     hardware=[*passthrough.IOMMU, *passthrough.card(model, SLOT)], **options)  # fmt: skip


def pings(result):
    results = ktap(result.serial)
    assert passthrough.MAC in result.serial
    assert results.get("net_arp") and results.get("net_ping"), result.serial


@pytest.mark.nightly
def test_e1000_by_dom0(lab, devices_guest):
    """The same guest and card with the device model in dom0: what is measured below is not the lab's doing."""
    pings(driven(lab, "dom0", devices_guest("net_arp net_ping nic pings=8")))


def test_e1000(lab, xen_image, devices_guest):
    """By its interrupt pin; the device is there before the guest runs, as libxl has it."""
    kernel = xen_image("qemu-stubdom")
    result = driven(lab, "ours", devices_guest("net_arp net_ping nic pings=8"), kernel=kernel, cmdline="loglevel=3")
    # The back end shows it at another address than the host has it.
    assert f"device/pci/0: {NAME} is 8086:100e, here at 0000:00:00.0" in result.stubdomain_log
    pings(result)
