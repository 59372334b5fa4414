# SPDX-License-Identifier: BSD-3-Clause
"""Upstream's device tests, of tests/qtest, against QEMU in the image."""

import os
import re

import pytest

FOLDER = os.path.dirname(os.path.abspath(__file__))


def lines(name):
    with open(os.path.join(FOLDER, name), encoding="ascii") as f:
        return [line.strip() for line in f if line.strip() and not line.startswith("#")]


def limits(program):
    """Its cases that cannot hold here; a limit without a reason is none."""
    found = [re.fullmatch(r"(\S+) (/[^:]+): (\S.*)", line) for line in lines("limits")]
    assert all(found), "a line without a reason"
    return [m[2] for m in found if m[1] == program]


@pytest.mark.parametrize("program", lines("programs"))
def test_program(qtest, program):
    skip = [word for case in limits(program) for word in ("-s", case)]
    done = qtest(program, skip)
    text = done.stdout[-6000:] + done.stderr[-3000:]
    assert done.returncode == 0, text
    assert re.search(r"^ok ", done.stdout, re.M), text
    assert not re.search(r"^not ok|^Bail out", done.stdout, re.M), text
