# SPDX-License-Identifier: BSD-3-Clause
"""Folders of the host in the guest: --share."""

import os
import json
import subprocess

import pytest

from machine import RUN, ktap, outcome
from test_guest import sectors

LONG = "t" * 32


def refused(image, *options):
    """The one line with which a run is refused at once."""
    command = [RUN, "--image", image("device-test"), "--accel", "tcg", *map(str, options), "--", "share_read_only"]
    run = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    assert run.returncode == 2 and run.stderr.count("\n") == 1 and not run.stdout, run
    return run.stderr


def test_wrong(image, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    assert "no such directory" in refused(image, "--share", f"{tmp_path}/none")
    assert "no such directory" in refused(image, "--share", f"{tmp_path}/a,b:t,ro")
    assert "not a directory" in refused(image, "--share", f"{tmp_path}/file")
    assert "tag of 32 characters, more than 31" in refused(image, "--share", f"{tmp_path}:{LONG}")
    assert "its value is empty" in refused(image, "--share", "")
    for tag in ("", "two words", "a,b", ".", "..", "a=b", "\u00e4"):
        assert "tag" in refused(image, "--share", f"{tmp_path}:{tag}")
    assert "the tag t is" in refused(image, "--share", f"{tmp_path}:t", "--share", f"{tmp_path}:t,ro")
    assert "the tag share is" in refused(image, "--share", tmp_path, "--share", tmp_path)
    assert "9 of them" in refused(image, *(word for n in range(9) for word in ("--share", f"{tmp_path}:t{n}")))


@pytest.mark.parametrize("name", ["plain", "with: colon", "a,comma", "a,ro", 'odd "quotes" \\ $HOME', "t:ag"])
def test_names(image, tmp_path, name):
    """Paths as people have them; read only, so that the outer emulator refuses writes."""
    folder = tmp_path / name
    folder.mkdir()
    (folder / "in").write_bytes(b"host\n")
    status, console, _ = outcome(image("device-test"), ["--share", f"{folder}:t,ro"], ["share_read_only"])
    assert status == 0 and all(ktap(console).values()), console


def test_command(image, guest, tmp_path):
    """What the inner emulator gets: the image's folder, with the same rights."""
    options = ["--disk", guest("hello"), "--json", "--share", f"{tmp_path}:one", "--share", f"{tmp_path}:two,ro"]
    command = [RUN, "--image", image("qemu-stubdom"), *options]
    inner = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)["inner"]
    assert "local,id=share0,path=/host/one,security_model=none,multidevs=remap,readonly=off" in inner
    assert "local,id=share1,path=/host/two,security_model=none,multidevs=remap,readonly=on" in inner


def test_disk_on_a_share(image, guest, tmp_path):
    """The inner emulator's own use of /host: a disk image there, which it opens, locks, reads and writes; a share of the same for its guest."""
    disk = guest("write")
    words = ["-drive", f"if=none,id=shared,format=raw,file=/host/t/{os.path.basename(disk)}"]
    words += ["-device", "ide-hd,drive=shared,bus=ide.1,unit=1,bootindex=0"]
    status, console, serial = outcome(image("qemu-stubdom"), ["--disk", guest("hello"), "--share", f"{tmp_path}:t"], words, timeout=120)
    assert serial.splitlines() == [f"guest: boot {i}, written" for i in (1, 2, 3)], console
    assert status == 0
    assert sectors(disk, 9, 8) == b"3" * 4096
