# SPDX-License-Identifier: BSD-3-Clause
"""Fixtures of the boot tests. UNIDOM_IMAGES=DIR takes images DIR/<app> as they are instead of building them."""

import functools
import os
import subprocess
import sys

import pytest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(TESTS, "common"), os.path.join(os.path.dirname(TESTS), "scripts")]

import images  # noqa: E402
import nightly  # noqa: E402
from machine import TOP  # noqa: E402

pytest_configure = nightly.pytest_configure
pytest_collection_modifyitems = nightly.pytest_collection_modifyitems

BUILD = os.environ.get("UNIDOM_BUILD", os.path.join(TOP, "build"))


@pytest.fixture(scope="session")
def image():
    """image("helloworld"): the path of that application's image."""
    return lambda app: images.build_image(app, "kvm", BUILD)


@pytest.fixture(params=["q35", "pc"])
def outer_machine(request):
    return request.param


@pytest.fixture
def guest(tmp_path):
    """guest("hello"): a fresh disk image of our test guest."""
    return lambda name: images.build_guest(name, tmp_path)


@functools.lru_cache(maxsize=None)
def from_package(package, path):
    """A file of a Debian package, which need not be installed."""
    if os.path.exists(path):
        return path
    folder = os.path.join(BUILD, "dl", "guests")
    unpacked = os.path.join(folder, package)
    if not os.path.exists(unpacked + path):
        os.makedirs(folder, exist_ok=True)
        subprocess.run(["apt-get", "download", "-q", package], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        debs = [f for f in os.listdir(folder) if f.startswith(package + "_") and f.endswith(".deb")]
        subprocess.run(["dpkg", "-x", os.path.join(folder, debs[0]), unpacked], check=True)
    return unpacked + path


@pytest.fixture(scope="session")
def debian_file():
    """debian_file("ipxe", "/usr/lib/ipxe/ipxe.iso"): the path of a copy."""
    return from_package
