# SPDX-License-Identifier: BSD-3-Clause
"""The calls of Linux on x86-64 all have a name here: in the table of those that exist, or in the list of those that do not."""

import pathlib
import re

import pytest

TOP = pathlib.Path(__file__).resolve().parent.parent

HEADER = pathlib.Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")
LAST = 450


@pytest.mark.skipif(not HEADER.exists(), reason="no header of Linux's calls")
def test_names():
    linux = {int(number): name for name, number in re.findall(r"#define __NR_(\w+) (\d+)", HEADER.read_text())}
    there = {int(number): name for number, name in re.findall(r"X\((\d+), (\w+),", (TOP / "posix/syscall/include/uk/table.h").read_text())}
    missing = {int(number): name for number, name in re.findall(r'{ (\d+), "(\w+)" }', (TOP / "posix/entry/names.c").read_text())}
    assert not set(there) & set(missing)
    done = {15, 37}  # rt_sigreturn and alarm are made where the trap is
    assert {n: name for n, name in linux.items() if n <= LAST and n not in there and n not in done} == missing
