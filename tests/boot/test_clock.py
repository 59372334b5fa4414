# SPDX-License-Identifier: BSD-3-Clause
"""The clock's rate where the hypervisor does not say it, on a busy machine."""

import re
import subprocess

import pytest

from machine import Machine

BOOTS = 4


@pytest.fixture
def busy():
    """Two processes that compute all the time."""
    load = [subprocess.Popen(["sh", "-c", "while :; do :; done"]) for _ in range(2)]
    yield
    for process in load:
        process.kill()
        process.wait()


def rate(image, options):
    with Machine(image("helloworld"), ["--kernel-args", "loglevel=3", *options]) as m:
        assert m.status() == 0
        return int(m.wait(r"^clock: (\d+) Hz by a measurement$").group(1))


@pytest.mark.parametrize("options", [[], ["--outer", "-machine q35,acpi=off"]], ids=["acpi", "pit"])
def test_rates_agree(image, busy, options):
    """The counter is the host's: all boots must find the same rate, however often the host takes the processor away."""
    rates = [rate(image, options) for _ in range(BOOTS)]
    assert max(rates) - min(rates) < max(rates) * 600e-6, rates


def test_rate_of_instructions(image):
    """With counted instructions a second has a billion ticks, exactly."""
    options = ["--outer", "-icount shift=1,sleep=off -cpu qemu64"]
    found = rate(image, options)
    assert re.match("1000|999", str(found)) and abs(found - 10**9) < 300e3, found
