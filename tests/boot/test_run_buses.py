# SPDX-License-Identifier: BSD-3-Clause
"""The guest's disks on each bus, its CD-ROMs, floppies and USB sticks, processors, boot order and UEFI: what the machine in the image has,
and that its firmware starts from there."""

import os

import pytest

from machine import Machine, Qmp, outcome
from screen import wait_text

PRODUCT = "qemu-stubdom"
MIB = 1 << 20
LATE = pytest.mark.nightly
# The machines' own, IDE and SATA, start the guests of the other tests.
BUSES = ("virtio", *(pytest.param(bus, marks=LATE) for bus in ("scsi", "nvme", "usb")))


@pytest.fixture
def blank(tmp_path):
    """blank("name"): an empty image."""
    def make(name, size=MIB):
        (tmp_path / name).write_bytes(bytes(size))
        return tmp_path / name

    return make


@pytest.mark.parametrize("machine", ["pc", "q35"])
def test_all_at_once(image, guest, blank, tmp_path, machine):
    """Two processors, and one of everything."""
    disks = {"virtio": "disk", "scsi": "scsi,ro", "nvme": "nvme", "sata": "sata"}
    options = ["--machine", machine, "--cpus", 2, "--net", "none", "--qmp", tmp_path / "qmp", "--disk", guest("idle"),
               "--usb-disk", blank("stick"), "--cdrom", blank("cd1"), "--cdrom", blank("cd2"),
               "--floppy", blank("fd1", 1440 << 10), "--floppy", f"{blank('fd2', 1440 << 10)},ro"]
    for bus, name in disks.items():
        blank(name.split(",")[0])
        options += ["--disk", f"{tmp_path}/{name.split(',')[0]},bus={bus}{',ro' if 'ro' in name.split(',') else ''}"]
    with Machine(image(PRODUCT), options) as m:
        m.serial.wait("guest: up", 60)
        qmp = Qmp(str(tmp_path / "qmp"))
        assert len(qmp.execute("query-cpus-fast")) == 2
        blocks = qmp.hmp("info block")
        found = [block["inserted"]["ro"] for block in qmp.execute("query-block") if "inserted" in block]
        assert len(found) == 10 and found.count(True) == 4, blocks
        for part in ("nvme", "scsi-hd", "virtio-blk", "usb-storage", "floppy", "ide-cd", "ide-hd"):
            assert part in qmp.hmp("info qtree"), part
        qmp.execute("quit")
        assert m.status() == 0, m.console.text()


@pytest.mark.parametrize("bus", BUSES)
def test_boots_from(image, guest, blank, bus):
    """Before a disk without anything to start."""
    options = ["--net", "none", "--disk", f"{guest('idle')},bus={bus}", "--disk", f"{blank('other')},bus=ide"]
    with Machine(image(PRODUCT), options) as m:
        m.serial.wait("guest: up", 60)


def test_boot_order(image, guest, blank, tmp_path):
    """The floppy first; and the firmware's menu, which names what there is."""
    floppy = blank("floppy", 1440 << 10)
    with open(guest("idle"), "rb") as f, open(floppy, "r+b") as g:
        g.write(f.read(64 << 10))
    options = ["--net", "none", "--disk", blank("disk"), "--floppy", floppy, "--boot"]
    with Machine(image(PRODUCT), [*options, "a"]) as m:
        m.serial.wait("guest: up", 60)
    with Machine(image(PRODUCT), [*options, "menu", "--qmp", tmp_path / "qmp"]) as m:
        wait_text(Qmp(str(tmp_path / "qmp")), "Press ESC for boot menu", 60)


def test_snapshot(image, guest):
    """What the guest writes is gone, from a file that cannot even be written."""
    disk = guest("write")
    with open(disk, "rb") as f:
        before = f.read()
    os.chmod(disk, 0o444)
    status, console, serial = outcome(image(PRODUCT), ["--net", "none", "--disk", disk, "--snapshot"], timeout=120)
    assert status == 0 and serial.splitlines()[-1] == "guest: boot 3, written", console
    with open(disk, "rb") as f:
        assert f.read() == before


@LATE
def test_uefi(image, blank, tmp_path, debian_file):
    """Its shell, or its menu, is on the screen; the variables are in a file of their own."""
    folder = os.path.dirname(debian_file("ovmf", "/usr/share/OVMF/OVMF_CODE_4M.fd"))
    disk, variables = blank("disk"), tmp_path / "disk.uefi"
    options = ["--net", "none", "--memory", "256", "--uefi", folder, "--disk", disk, "--qmp", tmp_path / "qmp"]
    with Machine(image(PRODUCT), options) as m:
        assert "pflash" in (qmp := Qmp(str(tmp_path / "qmp"))).hmp("info block")
        m.serial.wait("UEFI|Shell|BdsDxe", 300)
        qmp.execute("quit")
        assert m.status() == 0, m.console.text()
    assert variables.stat().st_size == os.stat(os.path.join(folder, "OVMF_VARS_4M.fd")).st_size
