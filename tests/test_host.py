# SPDX-License-Identifier: BSD-3-Clause
"""Unit tests of pure kernel code, run on the host with sanitizers: one test a file of tests/host."""
import pathlib
import subprocess

import pytest

TOP = pathlib.Path(__file__).resolve().parent.parent
TESTS = sorted(str(p.relative_to(TOP)) for p in TOP.glob("tests/host/**/*-test.c"))


@pytest.mark.parametrize("test", TESTS)
def test_host(test):
    result = subprocess.run(["tests/host/run", test], cwd=TOP, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
