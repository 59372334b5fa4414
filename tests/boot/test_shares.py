# SPDX-License-Identifier: BSD-3-Clause
"""Folders of the host in the image."""

import hashlib
import os

import pytest

from machine import Machine, ktap, outcome, pull_out

# What no 9P server of QEMU's does: reserve space, tell holes from data. And /tmp is a link here, which getcwd() shows.
DIFFERENT = {"files.sparse", "files.allocate", "files.allocate_too_much", "dirs.working_directory"}
TRIES = 3  # of an emulator that may die
ODD_NAME = b"a name: with, odd\n\xff \"parts\" %s"


def share(folder, more="", device=""):
    return f"-fsdev local,id=t,path={folder},security_model=none{more} -device virtio-9p-pci,fsdev=t,mount_tag=t{device}"


def run(image, folder, tests, **options):
    status, console, _ = outcome(image("device-test"), ["--outer", share(folder, **options)], tests, timeout=180)
    assert status == 0 and all(ktap(console).values()), console
    return console


@pytest.mark.parametrize("device", ["", ",vectors=0,event_idx=off"])
def test_posix(image, tmp_path, device):
    """The file tests of posix-test, which pass on Linux, with /tmp on a share."""
    status, console, _ = outcome(image("posix-test"), ["--outer", share(tmp_path, device=device)], ["/host/t", "files", "dirs"], timeout=180)
    assert {name for name, passed in ktap(console).items() if not passed} == DIFFERENT, console
    assert status == 1


def test_data(image, tmp_path):
    """64 MiB there and back."""
    data = os.urandom(1 << 20) * 64
    (tmp_path / "in").write_bytes(data)
    run(image, tmp_path, ["share_data"])
    assert hashlib.sha256((tmp_path / "out").read_bytes()).digest() == hashlib.sha256(data).digest()


def test_many(image, tmp_path):
    run(image, tmp_path, ["share_many"])
    names = set(os.listdir(os.fsencode(tmp_path)))
    assert names == {b"many", b"link", b"hard", ODD_NAME}
    assert sorted(map(int, os.listdir(tmp_path / "many"))) == list(range(3, 400, 2))
    assert os.readlink(tmp_path / "link") == os.fsdecode(ODD_NAME)
    assert (tmp_path / "hard").stat().st_nlink == 2


def test_read_only(image, tmp_path):
    (tmp_path / "in").write_bytes(b"host\n")
    run(image, tmp_path, ["share_read_only"], more=",readonly=on")
    assert (tmp_path / "in").read_bytes() == b"host\n"


def test_removed(image, tmp_path):
    """Debian 12's emulator sometimes dies of the removal itself (SIGSEGV), which says nothing of the image: then it is tried again."""
    (tmp_path / "in").write_bytes(b"host\n")
    outer = share(tmp_path, device=",addr=0x10") + f" -qtest unix:{tmp_path}/qtest,server=on,wait=off -qtest-log /dev/null"
    for _ in range(TRIES):
        with Machine(image("device-test"), ["--outer-machine", "pc", "--outer", outer], ["share_removed"]) as m:
            m.wait("waiting for the share to go", 60)
            pull_out(str(tmp_path / "qtest"), 0x10)
            status = m.status(120)
            if "the outer emulator was ended by SIGSEGV" in m.console.text():
                continue
            assert status == 0, m.console.text()
            m.wait("error: virtio-9p t: the device was removed or has failed")
            return
    pytest.fail("the outer emulator died each time")


def test_slow(image, tmp_path):
    """A server that all but stands still: a signal ends the wait, and the image ends."""
    run(image, tmp_path, ["share_slow"], more=",throttling.bps-write=1000")


@pytest.mark.parametrize("tag", ["a/b", "..", "two words", "x" * 31])
def test_tags(image, tmp_path, tag):
    """A tag that no folder can have: one line, and the next share is there. The longest one is fine."""
    (tmp_path / "in").write_bytes(b"host\n")
    bad = f"-fsdev local,id=b,path={tmp_path},security_model=none -device 'virtio-9p-pci,fsdev=b,mount_tag={tag}'"
    outer = bad + " " + share(tmp_path, ",readonly=on")
    status, console, _ = outcome(image("device-test"), ["--outer", outer], ["share_read_only"])
    assert status == 0 and console.count("error: ") == (len(tag) < 31), console


def test_several(image, tmp_path):
    """Eight of them."""
    others = ""
    for n in range(7):
        (tmp_path / str(n)).mkdir()
        others += f"-fsdev local,id=f{n},path={tmp_path}/{n},security_model=none -device virtio-9p-pci,fsdev=f{n},mount_tag=f{n} "
    (tmp_path / "in").write_bytes(b"host\n")
    status, console, _ = outcome(image("device-test"), ["--outer", others + share(tmp_path, ",readonly=on")], ["share_read_only"])
    assert status == 0 and "error: " not in console, console
