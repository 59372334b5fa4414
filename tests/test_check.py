# SPDX-License-Identifier: BSD-3-Clause
"""The linters: formatting, layers, licences, sizes, patches, scripts."""
import pathlib
import subprocess

TOP = pathlib.Path(__file__).resolve().parent.parent


def test_check():
    result = subprocess.run(["make", "-s", "check", "BOOTSTRAP=0"], cwd=TOP, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
