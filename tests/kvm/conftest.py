# SPDX-License-Identifier: BSD-3-Clause
"""Fixtures of the tests under an emulated KVM. They drive ci/kvm's modules. UNIDOM_IMAGES=DIR takes images DIR/<app> as they are."""

import os
import sys

import pytest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(TOP, *path) for path in (("ci", "kvm"), ("ci", "xen"), ("tests", "boot"), ("tests", "common"))]

import images  # noqa: E402
from kvmlab import linux  # noqa: E402


@pytest.fixture(scope="session")
def kvm():
    """The built lab."""
    return linux.Lab().build()


@pytest.fixture(scope="session")
def image():
    """image("helloworld"): the path of that application's image for KVM."""
    return lambda app: images.default_image(app, "kvm")


@pytest.fixture
def guest(tmp_path):
    """guest("hello"): a fresh disk image of our test guest."""
    return lambda name: images.build_guest(name, tmp_path)
