# SPDX-License-Identifier: BSD-3-Clause
"""Our images on Xen: as dom0 kernels, as PV domains of xl, as stubdomains."""

import pytest

import faults
from images import HELLO
from machine import CRASHED, ktap
from xenlab_fixtures import create, direct, run_guest

STUBDOMAIN_MEMORY = 32  # MiB


def passed(text):
    failed = [name for name, ok in ktap(text).items() if not ok]
    assert not failed, text


@pytest.mark.parametrize("pvh", [False, True], ids=["pv", "pvh"])
def test_helloworld_direct(lab, xen_image, pvh):
    outcome = direct(lab, xen_image("helloworld"), "-- one 'two words'", pvh=pvh)
    assert "Hello, world\n" in outcome.console and "argument 2: two words\n" in outcome.console
    assert outcome.how == "poweroff" and outcome.status == 0


@pytest.mark.parametrize("pvh", [False, True], ids=["pv", "pvh"])
def test_posix_direct(lab, xen_image, pvh):
    outcome = direct(lab, xen_image("posix-test"), limit=300, pvh=pvh)
    passed(outcome.console)
    assert outcome.how == "poweroff" and outcome.status == 0


@pytest.mark.parametrize("pvh", [False, True], ids=["pv", "pvh"])
def test_threads_for_a_minute(lab, xen_image, pvh):
    outcome = direct(lab, xen_image("posix-test"), "-- stress 60", limit=300, pvh=pvh)
    assert outcome.status == 0 and "ok 1 - stress 60" in outcome.console, outcome.console


@pytest.mark.parametrize("pvh", [False, True], ids=["pv", "pvh"])
@pytest.mark.parametrize("name", faults.FAULTS)
def test_fault(lab, xen_image, name, pvh):
    outcome = direct(lab, xen_image("fault-test"), f"-- {name}", pvh=pvh, memory=32)
    assert faults.named(name, outcome.console), outcome.console
    assert outcome.how == "crash" and outcome.status == CRASHED


@pytest.mark.parametrize("name", [name for name in faults.KERNEL_FAULTS if name not in faults.FAULTS])
def test_kernel_fault_pvh(lab, xen_image, name):
    outcome = direct(lab, xen_image("fault-test"), f"selftest={name} --", pvh=True, memory=32)
    assert faults.named(name, outcome.console), outcome.console
    assert outcome.how == "crash" and outcome.status == CRASHED


def test_kernel_fault_pv(lab, xen_image):
    """Xen pushes a fault's frame on the stack that is used up, and ends the domain: no name, but nothing goes on either."""
    outcome = direct(lab, xen_image("fault-test"), "selftest=idle_stack --", memory=32)
    assert outcome.how == "crash" and "selftest" not in outcome.console, outcome.console


@pytest.mark.parametrize("pvh", [False, True], ids=["pv", "pvh"])
def test_overcommit(lab, xen_image, pvh):
    outcome = direct(lab, xen_image("fault-test"), "-- map_big", pvh=pvh, memory=32)
    assert outcome.how == "poweroff" and outcome.status == 0, outcome.console


@pytest.mark.parametrize("pvh", [False, True], ids=["pv", "pvh"])
def test_out_of_memory(lab, xen_image, pvh):
    outcome = direct(lab, xen_image("fault-test"), "-- touch_big", limit=120, pvh=pvh, memory=32)
    assert "out of memory: thread" in outcome.console, outcome.console
    assert outcome.how == "crash" and outcome.status == CRASHED


def test_helloworld_created(lab, xen_image):
    _, console = create(lab, xen_image("helloworld"), "-- one two")
    assert "Hello, world\n" in console and "argument 2: two\n" in console


@pytest.mark.parametrize("app", ["posix-test", "lib-test"])  # lib-test needs xenstore, so it is no dom0
def test_program_created(lab, xen_image, app):
    _, console = create(lab, xen_image(app), limit=300)
    passed(console)


def test_stubdomain(lab, xen_image, guest):
    """The product: a guest boots from its emulated disk, with the device model in a domain of ours."""
    result = run_guest(lab, "ours", guest("hello"), kernel=xen_image("qemu-stubdom"), stub_memory=STUBDOMAIN_MEMORY, until="power off")
    assert result.ended == "guest" and result.serial.splitlines() == HELLO
