# SPDX-License-Identifier: BSD-3-Clause
"""PCI pass-through: cards of the outer emulator, behind its IOMMU, in a guest whose device model is ours."""

import subprocess

import pytest

from machine import ktap
from xenlab import passthrough
from xenlab.hvm import Job
from xen_steps import PTY, passed
from xenlab_fixtures import PATIENCE, direct, run_guest

SLOT = 1
NAME = f"0000:00:{SLOT:02x}.0"
PIN = "nic pings=8 net_arp net_ping interrupt_pin"
MESSAGES = f"{PIN} interrupt_msix"

# The guest does not know of hot-plug, so QEMU keeps the device when it is taken away by force, and refuses it when it comes again: the front
# end connects all the same.
STEPS = """
check create create
open_serial
check "the guest is up" echoes Q 60
stub=$(xl domid guest-dm)
back=/local/domain/0/backend/pci/$stub/0
front=/local/domain/$stub/device/pci/0
state_is() { [ "$(xenstore-read "$1/state" 2>/dev/null)" = "$2" ]; }
attach() { xl pci-attach guest NAME,permissive=1; }
check "a device comes" attach
check "it is connected" state_is $front 4
check "QEMU has it" monitor_says "info qtree" "hostaddr"
check "it is taken away" xl pci-detach -f guest NAME
check "its nodes go" wait_for 20 no xenstore-exists $front
check "the guest carries on" echoes R
attach
check "the front end connects again" wait_for 20 state_is $front 4
xenstore-write $back/state 5
check "the back end closes" wait_for 20 state_is $front 6
check "that is a line" stub_said "device/pci/0: the back end closes"
check "the guest carries on without" echoes S
close_serial
check destroy xl destroy guest
""".replace("NAME", NAME)


def driven(lab, mode, disk, model, **options):
    """What the guest of tests/guests/devices, which has a card that was passed through, says about it."""
    extra = f"pci = ['{NAME},permissive=1']\n"
    result = run_guest(lab, mode, disk, wait=200, extra=extra, before=passthrough.assign(SLOT),
                       hardware=[*passthrough.IOMMU, *passthrough.card(model, SLOT)], **options)  # fmt: skip
    assert f"{model} {passthrough.MAC}" in result.serial
    return result


def all_pass(text, checks):
    results = ktap(text)
    assert len(results) == checks and all(results.values()), text


@pytest.mark.parametrize("model", ["e1000", "e1000e"])
def test_plain(devices_guest, model):
    """The guest's own test: no Xen and no device model of ours under it."""
    disk = devices_guest(PIN if model == "e1000" else MESSAGES)
    command = ["qemu-system-x86_64", "-accel", "tcg", "-m", "64", "-display", "none", "-serial", "stdio", "-monitor", "none", "-no-reboot",
               "-nodefaults", "-drive", f"file={disk},format=raw,if=ide,index=0", *passthrough.card(model, 3)]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120 * PATIENCE, check=True, stdin=subprocess.DEVNULL)
    all_pass(done.stdout, 3 if model == "e1000" else 4)


@pytest.mark.nightly
@pytest.mark.parametrize("model, parameters", [("e1000", PIN), ("e1000e", MESSAGES)])
def test_dom0(lab, devices_guest, model, parameters):
    """The same guest and card with the device model in dom0: what is measured below is not the lab's doing."""
    all_pass(driven(lab, "dom0", devices_guest(parameters), model).serial, len(parameters.split()) - 2)


def test_e1000(lab, xen_image, devices_guest):
    """By its interrupt pin; the device is there before the guest runs, as libxl has it."""
    result = driven(lab, "ours", devices_guest(PIN), "e1000", kernel=xen_image("qemu-stubdom"), cmdline="loglevel=3")
    # The back end shows it at another address than the host has it.
    assert f"device/pci/0: {NAME} is 8086:100e, here at 0000:00:00.0" in result.stubdomain_log
    all_pass(result.serial, 3)


def test_e1000e(lab, xen_image, devices_guest):
    """By its pin, then by MSI-X messages."""
    result = driven(lab, "ours", devices_guest(MESSAGES), "e1000e", kernel=xen_image("qemu-stubdom"), cmdline="loglevel=3")
    assert f"device/pci/0: {NAME} is 8086:10d3, here at 0000:00:00.0" in result.stubdomain_log
    all_pass(result.serial, 4)


def test_graphics_are_refused(lab, xen_image):
    """As libxl asks for them with gfx_passthru: by name, before there is a guest."""
    arguments = "-- -machine xenfv,suppress-vmdesc=on,igd-passthru=on -xen-domid 1 -display none -nodefaults"
    outcome = direct(lab, xen_image("qemu-stubdom"), arguments)
    assert "graphics pass-through (gfx_passthru) is not supported in this stubdomain" in outcome.console
    assert outcome.status == 1


def test_coming_and_going(lab, xen_image, guest):
    """While the guest runs; and a back end that closes by itself. libxl wants to know at the start that there may be devices."""
    extra = PTY + 'passthrough = "enabled"\n'
    job = Job("ours", guest("idle"), kernel=xen_image("qemu-stubdom"), cmdline="loglevel=3", extra=extra, before=passthrough.assign(SLOT),
              hardware=[*passthrough.IOMMU, *passthrough.card("e1000", SLOT)])  # fmt: skip
    passed(lab, job, STEPS, limit=240)
