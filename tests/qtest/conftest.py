# SPDX-License-Identifier: BSD-3-Clause
"""Fixtures of the device tests: upstream's qtest programs, built natively. UNIDOM_IMAGES=DIR takes DIR/qemu-stubdom as it is."""

import glob
import os
import subprocess
import sys

import pytest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(TOP, "tests", "common"), os.path.join(TOP, "scripts")]

import images  # noqa: E402
from images import BUILD  # noqa: E402
from portlib import reference  # noqa: E402

FOLDER = os.path.join(BUILD, "qtest")


def configured():
    """The build folder of the native tests."""
    done = os.path.join(FOLDER, "configured")
    if not os.path.exists(done):
        subprocess.run(["rm", "-rf", FOLDER], check=True)
        tarball = sorted(glob.glob(os.path.join(BUILD, "dl", "qemu*.tar.xz")))[-1]
        reference.configure(tarball, FOLDER, reference.BENCH_FEATURES)
        with open(done, "w", encoding="ascii"):
            pass
    return os.path.join(FOLDER, "build")


@pytest.fixture(scope="session")
def image():
    return images.default_image("qemu-stubdom", "kvm")


@pytest.fixture(scope="session")
def qtest(image):
    """qtest("ide-test", words): run that program against the image, whose build has fetched the tarball: the finished process."""
    out = configured()
    env = reference.environment(FOLDER)
    env["QTEST_QEMU_BINARY"] = os.path.join(TOP, "tests", "qtest", "qemu-system-x86_64")
    env["UNIDOM_QTEST_IMAGE"] = image

    def run(program, words):
        made = subprocess.run(["ninja", f"tests/qtest/{program}"], cwd=out, env=env, capture_output=True, text=True, check=False)
        assert not made.returncode, made.stdout[-3000:]
        command = [os.path.join(out, "tests", "qtest", program), "--tap", "-k", *words]
        return subprocess.run(command, cwd=out, env=env, capture_output=True, text=True, errors="replace", timeout=1200, check=False)

    return run
