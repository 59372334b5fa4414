# SPDX-License-Identifier: BSD-3-Clause
"""Who runs when, and what an operation costs beside many others, by the time of a machine that counts instructions: how busy this
one is does not matter."""

import pytest

from machine import ktap, outcome

# Two nanoseconds an instruction; time jumps while the machine is idle.
COUNTED = "-icount shift=1,sleep=off"


@pytest.mark.parametrize("area, memory", [("timing", 256), ("growth", 256), ("crowds", 256), ("latency", 1024)])
def test_timing(image, area, memory):
    options = ["--no-guest", "--outer-memory", memory, "--outer", COUNTED]
    status, console, _ = outcome(image("posix-test"), options, [area], timeout=300)
    failed = [name for name, passed in ktap(console).items() if not passed]
    assert not failed, console
    assert status == 0
