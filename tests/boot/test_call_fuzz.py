# SPDX-License-Identifier: BSD-3-Clause
"""Random system calls with arguments of their types, on a kernel that checks its heap and locks: no fault, no call without an end, no leak."""

import time

import pytest

from machine import outcome

APP = "call-fuzz"


def run(image, seed, episodes):
    status, console, _ = outcome(image(APP), ["--outer-memory", 128], [f"seed={seed}", f"episodes={episodes}"], timeout=600)
    assert status == 0, console
    assert f"{episodes * 1000} calls, nothing found" in console, console


def test_calls(image):
    run(image, 1, 60)


def test_a_wrong_argument(image):
    status, console, _ = outcome(image(APP), ["--outer-memory", 64], ["seed=-1"])
    assert status == 2, console
    assert "seed=-1 is none of" in console, console


@pytest.mark.nightly
def test_other_calls_each_night(image):
    run(image, int(time.time()), 2000)
