# SPDX-License-Identifier: BSD-3-Clause
"""On the host, with sanitizers: unit tests of pure code, one a file of tests/host, and the corpora of fuzz targets (tests/fuzz)."""
import pathlib
import subprocess

import pytest

TOP = pathlib.Path(__file__).resolve().parent.parent
FUZZ = sorted(p.parent.name for p in TOP.glob("tests/fuzz/*/target.c"))
TESTS = sorted(str(p.relative_to(TOP)) for p in TOP.glob("tests/host/**/*-test.c"))


@pytest.mark.parametrize("test", TESTS)
def test_host(test):
    result = subprocess.run(["tests/host/run", test], cwd=TOP, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("target", FUZZ)
def test_fuzz_corpus(target):
    assert len(list((TOP / "tests/fuzz" / target / "corpus").iterdir())) > 1, "no corpus"
    result = subprocess.run(["tests/fuzz/run", target], cwd=TOP, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
