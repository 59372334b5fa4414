# SPDX-License-Identifier: BSD-3-Clause
"""The linters: formatting, layers, licences, sizes, patches, scripts."""
import pathlib
import subprocess

TOP = pathlib.Path(__file__).resolve().parent.parent
# Some checkers look at objects: those of the product, of all ported libraries and of the program that calls the whole kernel.
BUILT = "apps/qemu-stubdom", "apps/lib-test", "apps/posix-test", "apps/inet-test"


def test_check():
    for app in BUILT:
        subprocess.run(["make", "-s", app, "BOOTSTRAP=0"], cwd=TOP, check=True, stdout=subprocess.DEVNULL)
    result = subprocess.run(["make", "-s", "check", "BOOTSTRAP=0"], cwd=TOP, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
