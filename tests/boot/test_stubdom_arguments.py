# SPDX-License-Identifier: BSD-3-Clause
"""What libxl 4.17 to 4.22 give to a device model (tests/common/libxl-argv.txt), translated as tests/test_arguments.py checks it, given
to QEMU. The image for KVM has the same devices and options as the one for Xen, but Xen's own; what stands for those is in for_kvm()."""

import re

import pytest

import libxl_argv
from machine import CRASHED, Machine, Qmp, outcome

IMAGE = "qemu-stubdom"
TABLE = [g for g in libxl_argv.table() if not g.xen]
WHOLE = libxl_argv.starts([g for g in TABLE if not g.end])
# Most values of the others are in the first; the rest are models of cards.
FIRST = 8
DISKS, CARDS = 4, 3
# The group "machine" is what makes a start of one row: without it there would be no buses.
MACHINE = ["-machine", "xenfv", "-m", "32", "-display", "none", "-nodefaults"]


def for_kvm(words):
    """@words with a disk, a port and a machine of this platform for Xen's. Tap devices are by number on both."""
    found = []
    for before, word in zip(["", *words], words):
        if "-xen-domid" in (before, word):
            continue
        word = re.sub(r"^(xenfv|pc,accel=xen)", "pc,accel=qtest", word)
        word = re.sub(r"^/dev/hvc\d$", "null", word)
        found.append(re.sub(r"/dev/xvd", "/dev/vd", word))
    return found


@pytest.fixture(name="outer", scope="module")
def _outer(tmp_path_factory):
    """Options for a machine with the disks and cards that libxl's words name, and a port for QMP."""
    folder = tmp_path_factory.mktemp("libxl")
    devices = f"-device virtio-serial-pci -chardev socket,id=q,path={folder}/q,server=on,wait=off -device virtserialport,nr=1,chardev=q"
    for number in range(DISKS):
        (folder / f"disk{number}").write_bytes(bytes(1 << 20))
        devices += f" -drive file={folder}/disk{number},format=raw,if=none,id=d{number} -device virtio-blk-pci,drive=d{number}"
    for number in range(CARDS):
        devices += f" -netdev user,id=n{number},restrict=on -device virtio-net-pci,netdev=n{number}"
    return folder / "q", ["--no-guest", "--memory", "192", "--outer", devices]


def wanted(words):
    """The names of devices in @words, as QEMU shows them: (name, how many)."""
    for before, word in zip(words, words[1:]):
        if before == "-device":
            yield word.split(",")[0]
        if before == "-usbdevice":
            yield {"keyboard": "usb-kbd", "wacom-tablet": "usb-wacom-tablet"}.get(word, f"usb-{word}")


@pytest.mark.parametrize("number", [n if n < FIRST else pytest.param(n, marks=pytest.mark.nightly) for n in range(len(WHOLE))])
def test_taken(image, outer, number):
    """All that need not end it, in as many starts as there are values of the option with most: QEMU runs, and has each device."""
    path, options = outer
    words = for_kvm([word for given in WHOLE[number] for word in given.qemus])
    with Machine(image(IMAGE), options, [*words, "-chardev", "serial,id=q,path=/dev/vport0p1", "-mon", "q,mode=control"]) as m:
        qmp = Qmp(str(path))
        tree = qmp.hmp("info qtree")
        for device in wanted(words):
            assert f"dev: {libxl_argv.ALIASES.get(device, device)}, " in tree, f"{device} is not in the machine:\n{tree}"
        qmp.execute("quit")
        assert m.status() == 0, m.console.text()
        said = [line for line in m.console.text().splitlines() if not re.match(r"run: |unidom: exit status 0|$", line)]
        assert not said


@pytest.mark.parametrize("given", [g for g in TABLE if g.end], ids=lambda g: g.name)
def test_ends(image, outer, given):
    """What cannot be had: one line that names it, before there is a guest."""
    status, console, _ = outcome(image(IMAGE), outer[1], for_kvm([*MACHINE, *given.qemus]))
    lines = [line for line in console.splitlines() if for_kvm([given.end])[0] in line]
    assert len(lines) == 1, console
    assert status not in (0, CRASHED)
