# SPDX-License-Identifier: BSD-3-Clause
"""The kernel that checks its own heap and locks: it finds each kind of fault, and nothing in the tests of system calls."""

import os
import re

import pytest

import faults
from machine import CRASHED, TOP, ktap, outcome


def selftest(image, name):
    status, console, _ = outcome(image("checked-test"), ["--outer-memory", 64, "--kernel-args", f"selftest={name}"], [])
    assert status == CRASHED
    return console.replace("\r", "")


@pytest.mark.parametrize("name", faults.HEAP_FAULTS)
def test_object(image, name):
    console = selftest(image, name)
    assert faults.heap_fault_named(name, console), console


@pytest.mark.parametrize("name", faults.OTHER_HEAP_FAULTS)
def test_heap(image, name):
    console = selftest(image, name)
    assert re.search(faults.OTHER_HEAP_FAULTS[name], console), console


def calls(app):
    """What the menu of an application selects for its calls."""
    with open(os.path.join(TOP, "apps", app, "Config.uk"), encoding="utf-8") as f:
        return set(re.findall(r"select (POSIX_\w+)", f.read()))


def test_selects_what_the_tests_call():
    assert calls("posix-test") <= calls("checked-test")


def test_system_calls(image):
    status, console, _ = outcome(image("checked-test"), ["--outer-memory", 64], timeout=300)
    failed = [name for name, passed in ktap(console).items() if not passed]
    assert not failed and not status, console
