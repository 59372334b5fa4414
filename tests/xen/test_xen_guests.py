# SPDX-License-Identifier: BSD-3-Clause
"""The guest that checks its PC's devices: on a plain emulator first, then wherever a device model runs under Xen."""

import subprocess

import pytest

from machine import ktap
from xenlab_fixtures import PATIENCE, run_guest, set_parameters

SLOW = "operations=6 sectors=16"  # a register access takes a millisecond or more there
CHECKS = 16


def failures(text, checks=CHECKS):
    results = ktap(text)
    assert len(results) == checks, text
    return [name for name, ok in results.items() if not ok]


def plain(disk, *options):
    command = ["qemu-system-x86_64", "-accel", "tcg", "-m", "64", "-display", "none", "-serial", "stdio", "-monitor", "none", "-no-reboot",
               "-nodefaults", "-device", "VGA", "-drive", f"file={disk},format=raw,if=ide,index=0", *options]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120 * PATIENCE, check=False, stdin=subprocess.DEVNULL)
    assert not done.returncode, done.stderr
    return done.stdout


@pytest.mark.parametrize("card", ["rtl8139", "e1000"])
def test_plain(guest, tmp_path, card):
    """The guest's own test: nothing of ours and no Xen under it."""
    second = tmp_path / "second"
    second.write_bytes(bytes(16 << 20))
    disk = set_parameters(guest("devices"), "operations=200 sectors=128 nic hid")
    text = plain(disk, "-drive", f"file={second},format=raw,if=ide,index=1", "-netdev", "user,id=n,net=10.9.0.0/24,host=10.9.0.1",
                 "-device", f"{card},netdev=n", "-usb", "-device", "usb-tablet")  # fmt: skip
    assert not failures(text), text
    assert "disk 1, 32768 sectors" in text


def test_failures_are_seen(guest):
    """Without a card and a tablet that the parameters ask for."""
    assert failures(plain(set_parameters(guest("devices"), "nic net usb hid")), 3) == ["net_arp", "net_ping", "usb_tablet"]


def devices(lab, mode, disk, card, **options):
    result = run_guest(lab, mode, set_parameters(disk, f"{SLOW} nic"), nic=card, wait=240, **options)
    assert result.ended == "guest" and not failures(result.serial), result.serial


@pytest.mark.parametrize("card", ["rtl8139", "e1000"])
@pytest.mark.parametrize("mode", ["dom0", "linux"])
def test_devices(lab, guest, mode, card):
    devices(lab, mode, guest("devices"), card)


@pytest.mark.parametrize("card", ["rtl8139", "e1000"])
def test_devices_of_ours(lab, xen_image, guest, card):
    devices(lab, "ours", guest("devices"), card, kernel=xen_image("qemu-stubdom"))
