# SPDX-License-Identifier: BSD-3-Clause
"""The promises of docs/specification.md. Counted, not timed: no limit here depends on how busy this machine is."""

import os
import re

import pytest

from benchlib import promises
from machine import TOP

symbols = pytest.mark.skipif("UNIDOM_IMAGES" in os.environ, reason="images without their symbols")


def names(prefix):
    return {name for name in promises.limits() if name.startswith(prefix + "-")}


@symbols
def test_helloworld(image):
    found = promises.of_helloworld(image("helloworld"))
    assert not promises.broken(found), found
    assert set(found) == names("helloworld")


@symbols
def test_kvm(image):
    found = promises.of_kvm(image("qemu-stubdom"))
    assert not promises.broken(found), found
    assert set(found) == names("kvm")


@symbols
def test_same_each_time(image):
    """Also of a program whose hash tables have random keys."""
    counts = [promises.start("kvm", image("qemu-stubdom"), "", "qemu_main_loop") for _ in range(3)]
    assert counts[0] == counts[1] == counts[2]


@symbols
def test_disk_requests(image):
    found = promises.of_requests(image("qemu-stubdom"))
    assert not promises.broken(found), found
    assert set(found) == names("request")


def test_tolerance():
    limit = promises.limits()["kvm-size"]
    assert not promises.broken({"kvm-size": limit * 1.029})
    assert len(promises.broken({"kvm-size": limit * 1.031})) == 1
    assert len(promises.broken({"of nobody": 1})) == 1


def test_tests_exist():
    """Each test that the specification names."""
    with open(promises.SPECIFICATION, encoding="utf-8") as f:
        named = re.findall(r"`(tests/\S+\.py)::(\w+)`", f.read())
    assert named
    for path, function in named:
        with open(os.path.join(TOP, path), encoding="utf-8") as f:
            assert f"\ndef {function}(" in f.read(), f"{path}: no {function}"
