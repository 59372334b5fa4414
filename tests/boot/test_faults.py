# SPDX-License-Identifier: BSD-3-Clause
"""Programs that go wrong end with a name for what happened, a backtrace, and a status."""

import re
import subprocess

import pytest

import faults
from machine import CRASHED, outcome


@pytest.mark.parametrize("name", faults.FAULTS)
def test_fault(image, name):
    status, console, _ = outcome(image("fault-test"), ["--outer-memory", 32], [name])
    assert faults.named(name, console), console
    assert status == CRASHED


def symbols(image_path):
    """[(start, end, name)] of the functions of an image."""
    out = subprocess.run(["nm", "-S", image_path + ".dbg"], check=True, capture_output=True, text=True).stdout
    fields = [line.split() for line in out.splitlines()]
    return [(int(f[0], 16), int(f[0], 16) + int(f[1], 16), f[3]) for f in fields if len(f) == 4 and f[2] in "tTwW"]


@pytest.mark.parametrize("name", ["null_read", "stack_overflow", "abort"])
def test_backtrace_names(image, name):
    """Each name is the function's that holds the address, or that the call before the address is in; other addresses have none."""
    known = symbols(image("fault-test"))
    _, console, _ = outcome(image("fault-test"), ["--outer-memory", 32], [name])
    frames = re.findall(r"\[([0-9a-f]{16})\](?: (\S+)\+0x([0-9a-f]+))?$", console, re.M)
    assert frames
    for address, function, offset in frames:
        start = int(address, 16) - int(offset or "0", 16)
        if function:
            assert any(s == start and f == function and int(address, 16) <= e for s, e, f in known), (address, function)
    assert name == "stack_overflow" or any(function for _, function, _ in frames)  # there all are of the application


def test_no_code_at_run_time(image):
    status, console, _ = outcome(image("fault-test"), [], ["make_code"])
    assert "no code made" in console
    assert status == 0


@pytest.mark.parametrize("name", [name for name in faults.KERNEL_FAULTS if name not in faults.FAULTS])
def test_kernel_fault(image, name):
    status, console, _ = outcome(image("fault-test"), ["--outer-memory", 32, "--kernel-args", f"selftest={name}"], [])
    assert faults.named(name, console), console
    assert status == CRASHED


PLACES = ("stack", "thread", "heap", "mapping")


def secrets(image, *options):
    """What a program sees of this boot's choices."""
    status, console, _ = outcome(image("fault-test"), list(options), ["print_secrets"])
    assert status == 0
    return {what: int(value, 16) for what, value in re.findall(r"^(\w+) 0x([0-9a-f]+)$", console.replace("\r", ""), re.M)}


def test_secrets_of_a_boot(image):
    """Places and the stack protector's guard differ; the guard's first byte in memory is 0, for strings."""
    first, second = secrets(image), secrets(image)
    assert set(first) == {"guard", *PLACES}
    assert all(first[what] != second[what] for what in first), (first, second)
    assert first["guard"] and not first["guard"] & 0xFF


def test_no_random_places(image):
    first, second = (secrets(image, "--kernel-args", "norandom") for _ in range(2))
    assert all(first[what] == second[what] for what in PLACES), (first, second)


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
