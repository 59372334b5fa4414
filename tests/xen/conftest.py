# SPDX-License-Identifier: BSD-3-Clause
"""Fixtures of the tests under Xen. They drive ci/xen's modules. UNIDOM_XEN=VERSION chooses another Xen than the default one;
UNIDOM_IMAGES=DIR takes images DIR/<app> as they are instead of building them. "pytest -m nightly" chooses what takes long."""

import os
import sys

import pytest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(TOP, *path) for path in (("ci", "xen"), ("tests", "boot"), ("tests", "common"), ("scripts",))]

import images  # noqa: E402
import nightly  # noqa: E402
import packages  # noqa: E402
import xenlab_fixtures  # noqa: E402

pytest_configure = nightly.pytest_configure
pytest_collection_modifyitems = nightly.pytest_collection_modifyitems


@pytest.fixture(scope="session")
def lab():
    """The built lab."""
    return xenlab_fixtures.built_lab()


@pytest.fixture(scope="session")
def xen_image():
    """xen_image("helloworld"): the path of that application's image for Xen."""
    return xenlab_fixtures.build_image


@pytest.fixture
def guest(tmp_path):
    """guest("hello"): a fresh disk image of our test guest."""
    return lambda name: images.build_guest(name, tmp_path)


@pytest.fixture
def devices_guest(guest):
    """devices_guest("operations=6"): the guest of tests/guests/devices with these parameters; its limits are as patient as the tests'."""
    return lambda parameters: xenlab_fixtures.set_parameters(guest("devices"), xenlab_fixtures.patient(parameters))


@pytest.fixture(scope="session")
def debian_file():
    """debian_file("ovmf", "/usr/share/ovmf/OVMF.fd"): the path of a copy."""
    return lambda package, path: packages.debian_file(package, path, xenlab_fixtures.BUILD)
