# SPDX-License-Identifier: BSD-3-Clause
"""File systems on disks: ext2, ext3 and ext4, mounted by the image and checked by e2fsprogs."""

import random
import subprocess

import pytest

from machine import Machine, ktap, outcome
from test_program_kill import kill

# What is not there: space cannot be reserved. And /tmp is a link here, which getcwd() shows.
DIFFERENT = {"files.allocate", "files.allocate_too_much", "dirs.working_directory"}


def make_disk(path, *options, size="64M"):
    subprocess.run(["mke2fs", "-q", "-F", *options, path, size], check=True)
    return path


def mounted(disk, *more, arguments="mount=/dev/vda:/data"):
    return ["--disk", f"{disk},format=raw", "--kernel-args", arguments, *more]


def check(disk):
    done = subprocess.run(["e2fsck", "-fn", disk], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    assert done.returncode == 0, done.stdout.decode()


@pytest.mark.parametrize("kind", ["ext2", "ext4"])
def test_posix(image, tmp_path, kind):
    """The file tests of posix-test, which pass on Linux, with /tmp on a disk; afterwards that is clean."""
    disk = make_disk(tmp_path / "disk", "-t", kind)
    status, console, _ = outcome(image("posix-test"), mounted(disk), ["/data", "files", "dirs"], timeout=240)
    assert {name for name, passed in ktap(console).items() if not passed} == DIFFERENT, console
    assert status == 1
    check(disk)


@pytest.mark.parametrize("kind", ["ext2", "ext4"])
def test_killed(image, tmp_path, kind):
    """Killed in the middle of its work, and mounted by another boot: e2fsck finds nothing then."""
    disk = make_disk(tmp_path / "disk", "-t", kind)
    with Machine(image("posix-test"), mounted(disk), ["/data", "files", "dirs"]) as m:
        m.wait(rf"^ok {random.Random(kind).randint(4, 12)} ", 120)
        kill(m)
    status, console, _ = outcome(image("posix-test"), mounted(disk), ["pipes"], timeout=120)
    assert status == 0 and "error:" not in console, console
    check(disk)


def test_refused(image, tmp_path):
    """A disk that cannot be, a feature, an argument that says nothing: one line each, and the program runs."""
    disk = make_disk(tmp_path / "disk", "-t", "ext4", "-O", "inline_data")
    arguments = "mount=/dev/vda:/data,vdz:/other,nothing"
    status, console, _ = outcome(image("posix-test"), mounted(disk, arguments=arguments), ["files"], timeout=120)
    assert status == 0, console
    assert "vda: cannot be mounted: feature inline_data" in console
    assert "vdz: cannot be mounted at /other: errno 19" in console
    assert "mount=nothing: not as DISK:PATH or DISK:PATH:ro" in console
