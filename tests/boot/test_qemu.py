# SPDX-License-Identifier: BSD-3-Clause
"""QEMU as a program inside the unikernel: its options, and its errors as the host sees them."""

import re

import pytest

from machine import CRASHED, outcome

IMAGE = "qemu-stubdom"


def qemu(image, *arguments, options=(), timeout=60):
    """Run QEMU with these arguments and nothing else: a copy of the image under another name gets no default arguments."""
    return outcome(image(IMAGE), ["--no-guest", *options], arguments, timeout)


def test_version(image):
    status, console, _ = qemu(image, "--version")
    assert "QEMU emulator version 10.0.13" in console
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


def test_accel_help(image):
    assert "tcg" in qemu(image, "-accel", "help")[1]


NONE = ("-display", "none", "-nodefaults")
ERRORS = {
    "option": (("-frobnicate",), "invalid option"),
    "machine": (("-M", "frob"), "unsupported machine type"),
    "device": (("-device", "frob", *NONE), "'frob' is not a valid device model name"),
    "disk": (("-drive", "file=/dev/vdz,format=raw", *NONE), "/dev/vdz"),
    "firmware": (("-bios", "/missing.bin", *NONE), "could not load PC BIOS '/missing.bin'"),
    "chardev": (("-serial", "/dev/vport9p9", *NONE), "/dev/vport9p9"),
}


@pytest.mark.parametrize("case", ERRORS)
def test_error(image, case):
    arguments, message = ERRORS[case]
    status, console, _ = qemu(image, *arguments)
    lines = [line for line in console.splitlines() if message in line]
    assert len(lines) == 1, console
    assert status not in (0, CRASHED)


def test_too_little_memory_for_the_guest(image, guest):
    """Guest memory that the image does not have: one clear line."""
    status, console, _ = outcome(image(IMAGE), ["--disk", guest("hello"), "--memory", 2048, "--outer-memory", 48], timeout=120)
    # What the guest does not touch it does not need; the firmware alone fits. With less than QEMU itself needs:
    assert status == 0, console
    status, console, _ = outcome(image(IMAGE), ["--disk", guest("hello"), "--outer-memory", 20], timeout=120)
    lines = [line for line in console.splitlines() if re.search("out of memory|cannot allocate memory", line, re.I)]
    assert len(lines) == 1, console
    assert status != 0
