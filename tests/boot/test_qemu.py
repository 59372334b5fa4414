# SPDX-License-Identifier: BSD-3-Clause
"""QEMU as a program inside the unikernel: its options, and its errors as the host sees them."""

import glob
import re

import pytest

from images import set_parameters
from machine import CRASHED, TOP, Machine, connect, ktap, outcome

IMAGE = "qemu-stubdom"


def qemu(image, *arguments, options=(), timeout=60):
    """Run QEMU with these arguments and nothing else: a copy of the image under another name gets no default arguments."""
    return outcome(image(IMAGE), ["--no-guest", *options], arguments, timeout)


def test_version(image):
    status, console, _ = qemu(image, "--version")
    versions = []
    for path in glob.glob(f"{TOP}/libs/qemu/*.mk"):
        with open(path, encoding="utf-8") as f:
            versions += re.findall(r"^LIBQEMU_VERSION := (\S+)", f.read(), re.M)
    assert re.search(r"QEMU emulator version (\S+)", console).group(1) in versions
    assert status == 0


def test_machine_help(image):
    status, console, _ = qemu(image, "-M", "help")
    assert re.search(r"^pc\s+Standard PC", console, re.M) and re.search(r"^q35\s", console, re.M)
    assert status == 0


def test_device_help(image):
    status, console, _ = qemu(image, "-device", "help")
    for device in ("ide-hd", "VGA", "isa-serial", "virtio-blk-pci"):
        assert f'name "{device}"' in console
    assert status == 0


def test_host_beyond_ascii(image):
    """There is no TCP, and no table for such a name."""
    status, console, _ = qemu(image, "-drive", "file=nbd://b%C3%BCcher/disk,if=none")
    assert "nbd://" in console and "URL" in console and status == 1, console


def test_accel_help(image):
    assert "tcg" in qemu(image, "-accel", "help")[1]


NONE = ("-display", "none", "-nodefaults")


def test_accel_qtest(image, tmp_path):
    """A device test in the protocol of upstream's: PCI configuration space of a PC whose processor nobody emulates."""
    port = f"-device virtio-serial-pci -chardev socket,id=q,path={tmp_path}/q,server=on,wait=off"
    options = ["--no-guest", "--memory", "192", "--outer", port + " -device virtserialport,nr=1,chardev=q"]
    inner = ["-accel", "qtest", "-M", "pc", "-m", "64", *NONE]
    inner += ["-chardev", "serial,id=q,path=/dev/vport0p1", "-qtest", "chardev:q", "-qtest-log", "none"]
    with Machine(image(IMAGE), options, inner) as m:
        qtest = connect(f"{tmp_path}/q")
        qtest.settimeout(60)
        answers = qtest.makefile("rb")
        for command, answer in (
            ("outl 0xcf8 0x80000000", b"OK\n"),
            ("inl 0xcfc", b"OK 0x12378086\n"),
            ("writel 0x100000 0x12345678", b"OK\n"),
            ("readl 0x100000", b"OK 0x0000000012345678\n"),
        ):
            qtest.sendall(command.encode() + b"\n")
            got = answers.readline()
            if not got:  # the other end is gone: wait until it has said why
                m.status()
            assert got == answer, f"{command}:\n{m.console.text()}"
ERRORS = {
    "option": (("-frobnicate",), "invalid option"),
    "machine": (("-M", "frob"), "unsupported machine type"),
    "device": (("-device", "frob", *NONE), "'frob' is not a valid device model name"),
    "disk": (("-drive", "file=/dev/vdz,format=raw", *NONE), "/dev/vdz"),
    "firmware": (("-bios", "/missing.bin", *NONE), "could not load PC BIOS '/missing.bin'"),
    "chardev": (("-serial", "/dev/vport9p9", *NONE), "Could not open '/dev/vport9p9'"),
}


@pytest.mark.parametrize("case", ERRORS)
def test_error(image, case):
    arguments, message = ERRORS[case]
    status, console, _ = qemu(image, *arguments)
    lines = [line for line in console.splitlines() if message in line]
    assert len(lines) == 1, console
    assert status not in (0, CRASHED)


def test_guest_memory_is_not_touched_memory(image, guest):
    """A guest with more memory than the image has: what it does not touch it does not need."""
    status, console, _ = outcome(image(IMAGE), ["--disk", guest("hello"), "--memory", 2048, "--outer-memory", 96], timeout=120)
    assert status == 0, console


def test_ports(image, guest):
    """Devices at ports, of which some are put elsewhere and back after they were used: what has been remembered of them is forgotten then."""
    names = ["rtc", "pit", "ide_identify", "ide_pio", "ide_dma", "ide_interrupts", "ports_move", "vga_palette"]
    with Machine(image(IMAGE), ["--disk", set_parameters(guest("devices"), " ".join(names) + " operations=8 sectors=16")]) as m:
        assert m.status() == 0, m.console.text()
        assert ktap(m.serial.text()) == dict.fromkeys(names, True), m.serial.text()


def test_too_little_memory(image, guest):
    """At every size: either it works or there is one clear line, from the runner or from the image."""
    sizes = (8, 16, 24, 28, 32, 33, 36, 40, 44, 48, 96)
    ended = {}
    for size in sizes:
        status, console, _ = outcome(image(IMAGE), ["--disk", guest("hello"), "--outer-memory", size], timeout=120)
        clear = "out of memory|cannot allocate memory|MiB of memory: the image needs|No space left on device"
        lines = [line for line in console.splitlines() if re.search(clear, line, re.I)]
        assert (status == 0 and not lines) or (status != 0 and len(lines) == 1), f"{size} MiB:\n{console}"
        ended[size] = status
    assert ended[sizes[0]] != 0 and ended[sizes[-1]] == 0, ended
