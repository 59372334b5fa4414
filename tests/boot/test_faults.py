# SPDX-License-Identifier: BSD-3-Clause
"""Programs that go wrong end with a name for what happened, a backtrace, and a status."""

import pytest

import faults
from machine import CRASHED, outcome


@pytest.mark.parametrize("name", faults.FAULTS)
def test_fault(image, name):
    status, console, _ = outcome(image("fault-test"), ["--outer-memory", 32], [name])
    assert faults.named(name, console), console
    assert status == CRASHED


def test_no_code_at_run_time(image):
    status, console, _ = outcome(image("fault-test"), [], ["make_code"])
    assert "no code made" in console
    assert status == 0


def test_abort(image):
    status, console, _ = outcome(image("fault-test"), ["--outer-memory", 32], ["abort"])
    assert "terminated by signal 6" in console
    assert status not in (0, CRASHED)


def test_exit_status(image):
    assert outcome(image("fault-test"), [], ["exit_7"])[0] == 7


def test_overcommit(image):
    status, console, _ = outcome(image("fault-test"), ["--outer-memory", 32], ["map_big"])
    assert "mapped and touched here and there" in console
    assert status == 0


def test_out_of_memory(image):
    status, console, _ = outcome(image("fault-test"), ["--outer-memory", 32], ["touch_big"], timeout=120)
    lines = [line for line in console.splitlines() if "out of memory" in line]
    assert len(lines) == 1 and "thread 1 (main)" in lines[0], console
    assert status == CRASHED
