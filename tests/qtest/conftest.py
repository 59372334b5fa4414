# SPDX-License-Identifier: BSD-3-Clause
"""Fixtures of the device tests: upstream's qtest programs, built natively. UNIDOM_IMAGES=DIR takes DIR/qemu-stubdom as it is."""

import os
import subprocess
import sys

import pytest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(TOP, "tests", "common"), os.path.join(TOP, "scripts")]

import images  # noqa: E402
from portlib import reference  # noqa: E402

FOLDER = os.path.join(images.BUILD, "qtest")


def configured():
    """The folder where the native tests are configured: of the QEMU that is in the image, not of another one whose archive is there, too."""
    images.run_make("APP=qemu-stubdom", "PLAT=kvm", f"O={FOLDER}", "defconfig")
    tarball = reference.tarball_of(os.path.join(FOLDER, "qemu-stubdom-kvm", ".config"), images.DOWNLOADS)
    folder = os.path.join(FOLDER, os.path.basename(tarball))
    done = os.path.join(folder, "configured")
    if not os.path.exists(done):
        subprocess.run(["rm", "-rf", folder], check=True)
        reference.configure(tarball, folder, reference.BENCH_FEATURES)
        with open(done, "w", encoding="ascii"):
            pass
    return folder


@pytest.fixture(scope="session")
def image():
    return images.default_image("qemu-stubdom", "kvm")


@pytest.fixture(scope="session")
def qtest(image):
    """qtest("ide-test", words): run that program against the image: the finished process."""
    folder = configured()
    out = os.path.join(folder, "build")
    env = reference.environment(folder)
    env["QTEST_QEMU_BINARY"] = os.path.join(TOP, "tests", "qtest", "qemu-system-x86_64")
    env["UNIDOM_QTEST_IMAGE"] = image

    def run(program, words):
        made = subprocess.run(["ninja", f"tests/qtest/{program}"], cwd=out, env=env, capture_output=True, text=True, check=False)
        assert not made.returncode, made.stdout[-3000:]
        command = [os.path.join(out, "tests", "qtest", program), "--tap", "-k", *words]
        return subprocess.run(command, cwd=out, env=env, capture_output=True, text=True, errors="replace", timeout=1200, check=False)

    return run
