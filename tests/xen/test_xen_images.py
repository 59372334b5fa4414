# SPDX-License-Identifier: BSD-3-Clause
"""Our images on Xen: as dom0 kernels, as PV domains of xl, as stubdomains."""

import pytest

from images import HELLO
from machine import ktap
from xenlab_fixtures import create, direct, run_guest

STUBDOMAIN_MEMORY = 32  # MiB


def passed(text):
    failed = [name for name, ok in ktap(text).items() if not ok]
    assert not failed, text


def test_helloworld_direct(lab, xen_image):
    outcome = direct(lab, xen_image("helloworld"), "-- one 'two words'")
    assert "Hello, world\n" in outcome.console and "argument 2: two words\n" in outcome.console
    assert outcome.how == "poweroff" and outcome.status == 0


def test_posix_direct(lab, xen_image):
    outcome = direct(lab, xen_image("posix-test"), limit=300)
    passed(outcome.console)
    assert outcome.how == "poweroff" and outcome.status == 0


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
