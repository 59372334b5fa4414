# SPDX-License-Identifier: BSD-3-Clause
"""The promises of docs/specification.md about images for Xen."""

import os

import pytest

from benchlib import promises


@pytest.mark.skipif("UNIDOM_IMAGES" in os.environ, reason="images without their compressed form")
def test_sizes(xen_image):
    found = promises.of_xen(xen_image("qemu-stubdom"))
    assert not promises.broken(found), found
