# SPDX-License-Identifier: BSD-3-Clause
"""Fixtures of the boot tests. UNIDOM_IMAGES=DIR takes images DIR/<app> as they are instead of building them."""

import os
import sys

import pytest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(TESTS, "common"), os.path.join(os.path.dirname(TESTS), "scripts")]

import images  # noqa: E402
import nightly  # noqa: E402
import packages  # noqa: E402
from images import BUILD  # noqa: E402

pytest_configure = nightly.pytest_configure
pytest_collection_modifyitems = nightly.pytest_collection_modifyitems


@pytest.fixture(scope="session")
def image():
    """image("helloworld"): the path of that application's image."""
    return lambda app: images.default_image(app, "kvm")


@pytest.fixture(params=["q35", "pc"])
def outer_machine(request):
    return request.param


@pytest.fixture
def guest(tmp_path):
    """guest("hello"): a fresh disk image of our test guest."""
    return lambda name: images.build_guest(name, tmp_path)


@pytest.fixture(scope="session")
def debian_file():
    """debian_file("ipxe", "/usr/lib/ipxe/ipxe.iso"): the path of a copy."""
    return lambda package, path: packages.debian_file(package, path, BUILD)
