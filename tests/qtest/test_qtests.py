# SPDX-License-Identifier: BSD-3-Clause
"""Upstream's device tests, of tests/qtest, against QEMU in the image."""

import os
import re

import pytest

import listed

FOLDER = os.path.dirname(os.path.abspath(__file__))


@pytest.mark.parametrize("program", listed.lines(os.path.join(FOLDER, "programs")))
def test_program(qtest, program):
    done = qtest(program, listed.skipped(os.path.join(FOLDER, "limits"), program))
    text = done.stdout[-6000:] + done.stderr[-3000:]
    assert done.returncode == 0, text
    assert re.search(r"^ok ", done.stdout, re.M), text
    assert not re.search(r"^not ok|^Bail out", done.stdout, re.M), text
