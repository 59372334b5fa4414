# SPDX-License-Identifier: BSD-3-Clause
"""In-image test programs: every KTAP line must be ok."""

import pytest

from machine import ktap, outcome


@pytest.mark.parametrize("app", ["posix-test", "lib-test"])
def test_program(image, app):
    status, console, _ = outcome(image(app), ["--outer-memory", 64], timeout=300)
    failed = [name for name, passed in ktap(console).items() if not passed]
    assert not failed, console
    assert status == 0


def test_threads_for_a_minute(image):
    """64 threads, each with floating point, TLS, mutexes and condition variables, under pre-emption."""
    status, console, _ = outcome(image("posix-test"), ["--no-guest", "--outer-memory", 64], ["stress", "60"], timeout=300)
    assert status == 0 and "ok 1 - stress 60" in console, console
